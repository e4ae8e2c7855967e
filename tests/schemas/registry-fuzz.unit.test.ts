import { describe, expect, it } from 'vitest';
import { eventTypes, type EventType } from '../../schemas/catalogue.js';
import { validateEvent } from '../../schemas/registry.js';
import { everyExample, examples } from './examples.js';

function cyclic(): unknown {
  const loop: Record<string, unknown> = { ...examples.OrderCreatedEvent };
  return Object.assign(loop, { items: [loop], total: loop });
}

function nested(depth: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { items: value };
  return value;
}

const throwing = (): unknown => Object.defineProperty({}, 'version', { get: fail, enumerable: true });

function fail(): never {
  throw new Error('read me not');
}

/** Good nowhere in an event. */
const oddities: readonly (readonly [string, unknown])[] = [
  ['a bigint', 1n],
  ['a symbol', Symbol('event')],
  ['a function', fail],
  ['an array', [examples.OrderCreatedEvent]],
  ['an empty object', {}],
  ['an object without prototype', Object.create(null)],
  ['a map', new Map(Object.entries(examples.OrderCreatedEvent))],
  ['bytes', new Uint8Array(8)],
  ['a cycle', cyclic()],
  ['deep nesting', nested(100_000)],
  ['a huge array', new Array(5_000_000)],
];

/** No event either, though good in some field, or without a field to blame. */
const noEvents: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a number', 1],
  ['text', JSON.stringify(examples.OrderCreatedEvent)],
  ['a getter that throws', throwing()],
];

describe('whatever comes in', () => {
  it.each([...noEvents, ...oddities])('%s is refused as a payload, and nothing is thrown', (_, oddity) => {
    for (const type of eventTypes) expect(validateEvent(type, oddity)).toMatchObject({ ok: false });
  });

  it.each(oddities)('%s is refused in place of any field, and the field is named', (_, oddity) => {
    for (const [type, payload] of everyExample)
      for (const field of Object.keys(payload)) {
        const validation = validateEvent(type, { ...payload, [field]: oddity });
        const paths = validation.ok ? [] : validation.problems.map(({ path }) => path.split(/[.[]/)[0]);
        expect(new Set(paths), `${type}.${field}`).toEqual(new Set([field]));
      }
  });

  it('an event type that is none is refused', () => {
    expect(validateEvent('toString' as EventType, examples.OrderCreatedEvent)).toMatchObject({ ok: false });
  });

  it('a problem can be printed and stored, whatever the payload holds', () => {
    const validation = validateEvent('OrderCancelledEvent', {
      ...examples.OrderCancelledEvent,
      ['\0'.repeat(500)]: '\ud800\0'.repeat(500),
    });
    expect(validation).toMatchObject({ ok: false });
    expect(JSON.stringify(validation).length).toBeLessThan(2_000);
    if (!validation.ok) expect(Object.values(validation.problems[0] ?? {}).join('')).not.toContain('\0');
  });
});
