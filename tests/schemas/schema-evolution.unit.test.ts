import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadSchema } from '../../schemas/registry.js';
import { type FieldSchema, type RecordSchema } from '../../core/avro/avro-schemas.js';
import { catalogue, eventTypes, type EventType } from '../../schemas/catalogue.js';
import { type CatalogueEntry } from '../../core/choreography.js';
import { validateEvent } from '../../schemas/registry.js';
import { renderReleasedSchemas } from '../../tools/generate/released-schemas.js';
import { obstaclesBetween } from '../../tools/generate/schema-compatibility.js';
import { changed, exampleOf, type Json } from './examples.js';

const versionsOf = (type: EventType): readonly number[] =>
  Array.from({ length: catalogue[type].version }, (_, index) => index + 1);
const released = eventTypes.flatMap((type) => versionsOf(type).map((version) => [type, version] as const));

it.each(eventTypes)('every version of %s reads, and is read by, the others', (type) => {
  const { compatibility = 'both' }: CatalogueEntry = catalogue[type];
  const versions = versionsOf(type).map((version) => loadSchema(type, version));
  expect(obstaclesBetween(versions, compatibility)).toEqual([]);
});

it.each(released)('what was published as %s version %i stays readable', (type, version) => {
  const payload = exampleOf(type, version);
  const { fields } = loadSchema(type, catalogue[type].version);
  const defaults = fields.filter((field) => field.default !== undefined);
  const completed: Json = {
    ...Object.fromEntries(defaults.map((field) => [field.name, field.default])),
    ...payload,
  };
  expect(validateEvent(type, payload)).toEqual({ ok: true, payload: completed });
});

it('there is an example of every version of an event that has several, and none of what was never released', () => {
  const nameOf = ([type, version]: (typeof released)[number]) => `${type}.v${version}.json`;
  const examples = readdirSync('tests/schemas/examples');
  expect(released.map(nameOf)).toEqual(expect.arrayContaining(examples));
  const severalVersions = released.filter(([type]) => catalogue[type].version > 1);
  expect(examples).toEqual(expect.arrayContaining(severalVersions.map(nameOf)));
});

describe('an older version', () => {
  const type = 'OrderCompletedNotificationSentEvent';

  it('is checked by its own schema: it has no fields of later ones', () => {
    expect(validateEvent(type, changed(type, { version: 1 }))).toMatchObject({
      ok: false,
      problems: [{ path: 'attempts', expected: 'no such field' }],
    });
  });

  it('is read with the default of what it lacks', () => {
    expect(validateEvent(type, exampleOf(type, 1))).toMatchObject({
      ok: true,
      payload: { version: 1, attempts: null },
    });
  });
});

const before = loadSchema('PaymentCancelledEvent', 1);
const evolved = (change: (fields: readonly FieldSchema[]) => readonly FieldSchema[]): RecordSchema => ({
  ...before,
  fields: change(before.fields),
});
const added = (field: Partial<FieldSchema>) =>
  evolved((fields) => [...fields, { name: 'channel', type: 'string', doc: '', ko: '', ...field }]);
const retyped = (name: string, type: FieldSchema['type']) =>
  evolved((fields) => fields.map((field) => (field.name === name ? { ...field, type } : field)));
const reason = (...symbols: readonly string[]) =>
  retyped('reason', { type: 'enum', name: 'RefundReason', symbols });
const known = ['OUT_OF_STOCK', 'UNKNOWN_SKU', 'INVENTORY_ERROR', 'INVENTORY_TIMEOUT', 'ORDER_CANCELLED'];

describe('a new version', () => {
  it.each<[string, RecordSchema]>([
    ['a field with a default', added({ default: 'card' })],
    ['an optional field', added({ type: ['null', 'string'], default: null })],
  ])('may have %s', (_, after) => {
    expect(obstaclesBetween([before, after], 'both')).toEqual([]);
  });

  it.each<[string, RecordSchema, RegExp]>([
    ['a field without a default', added({}), /version 2 cannot read version 1/],
    [
      'a field less',
      evolved((fields) => fields.filter(({ name }) => name !== 'refunded')),
      /version 1 cannot read version 2/,
    ],
    ['a field of another type', retyped('occurredAt', 'string'), /cannot read/],
    [
      'a looser field',
      retyped('orderId', { type: 'string', logicalType: 'currency' }),
      /orderId is currency/,
    ],
    ['a symbol more', reason(...known, 'BORED'), /version 1 cannot read version 2/],
    ['a symbol less', reason(...known.slice(1)), /version 2 cannot read version 1/],
  ])('may not have %s', (_, after, why) => {
    expect(obstaclesBetween([before, after], 'both').join('\n')).toMatch(why);
  });

  it('may have a symbol more where consumers are rolled out first', () => {
    expect(obstaclesBetween([before, reason(...known, 'BORED')], 'newer reads older')).toEqual([]);
  });

  it('is compared with every earlier one, not just the last', () => {
    const [second, third] = [added({ default: 'card' }), added({ type: 'int', default: 1 })];
    expect(obstaclesBetween([before, second, third], 'both')).toHaveLength(2);
    expect(obstaclesBetween([second, before, third], 'both')).toHaveLength(2);
  });
});

describe('the list of released schemas', () => {
  const list = JSON.stringify({ 'OrderCreatedEvent.v1': 'a' });

  it('takes a new version in', () => {
    expect(JSON.parse(renderReleasedSchemas(list, { 'OrderCreatedEvent.v1': 'a', 'x.v1': 'b' }))).toEqual({
      'OrderCreatedEvent.v1': 'a',
      'x.v1': 'b',
    });
  });

  it.each([{ 'OrderCreatedEvent.v1': 'edited' }, {}])('refuses a released one that is now %o', (current) => {
    expect(() => renderReleasedSchemas(list, current)).toThrow(
      /OrderCreatedEvent.v1 was changed after its release/,
    );
  });
});
