import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import { checkFields } from '../../core/avro/check-fields.js';
import { strictTypes } from '../../core/avro/strict-types.js';
import { charactersIn, LARGEST_INT, LARGEST_LONG, LONGEST_TEXT, MOST_ENTRIES } from '../../core/limits.js';
import { identifierPattern, isOfLength, isWithin, limits } from '../../schemas/limits.js';
import { moneyTypes } from '../../schemas/money-types.js';
import { loadSchema, validateEvent } from '../../schemas/registry.js';
import { changed, type Json } from './examples.js';

const type = 'OrderCreatedEvent';
const money = (amount: unknown) => ({ amount, currency: 'KRW' });
const item = (over: Json = {}) => ({ sku: 'mouse', quantity: 1, unitPrice: money(1), ...over });
const id = (length: number) => 'a'.repeat(length);
const items = (count: number) => Array.from({ length: count }, () => item());

/** How a quantity comes into an event, and where it is refused. */
const quantities: readonly (readonly [keyof typeof limits, (at: number) => Json, string])[] = [
  ['price', (at) => ({ items: [item({ unitPrice: money(at) })] }), 'items[0].unitPrice.amount'],
  ['total', (at) => ({ total: money(at) }), 'total.amount'],
  ['quantity', (at) => ({ items: [item({ quantity: at })] }), 'items[0].quantity'],
  ['items', (at) => ({ items: items(at) }), 'items'],
  ['identifier', (at) => ({ customerId: id(at) }), 'customerId'],
  ['identifier', (at) => ({ items: [item({ sku: id(at) })] }), 'items[0].sku'],
  ['time', (at) => ({ occurredAt: at }), 'occurredAt'],
  ['time', (at) => ({ answerBy: at }), 'answerBy'],
];

describe('an event', () => {
  it.each(quantities)('is accepted at both ends of %s, and comes through Avro as it was', (name, at) => {
    for (const edge of [limits[name].min, limits[name].max]) {
      const payload = changed(type, at(edge));
      expect(validateEvent(type, payload)).toStrictEqual({ ok: true, payload });
      expect(throughAvro(payload)).toEqual(payload);
    }
  });

  it.each(quantities)('is refused beyond %s, at the field, with what was expected', (name, at, path) => {
    const { min, max } = limits[name];
    for (const beyond of [min - 1, max + 1].filter((edge) => edge >= 0 || name !== 'items')) {
      const validation = validateEvent(type, changed(type, at(beyond)));
      expect(validation, `${path} ${beyond}`).toMatchObject({ ok: false, problems: [{ path }] });
      if (!validation.ok && name !== 'time') expect(validation.problems[0]?.expected).toContain(String(max));
    }
  });

  /** As avsc writes and reads it, in Avro's binary form. */
  function throughAvro(payload: Json): unknown {
    const written = avro.Type.forSchema(loadSchema(type, 1) as unknown as avro.Schema, {
      logicalTypes: { ...strictTypes, ...moneyTypes },
      wrapUnions: false,
    });
    const read: unknown = written.fromBuffer(written.toBuffer(payload));
    return JSON.parse(JSON.stringify(read));
  }
});

describe('the core', () => {
  it.each([
    ['int', LARGEST_INT],
    ['long', LARGEST_LONG],
  ] as const)('knows the largest %s that avsc takes', (name, largest) => {
    const number = avro.Type.forSchema(name);
    expect([number.isValid(largest), number.isValid(largest + 1)]).toEqual([true, false]);
  });

  it('counts characters, whatever they take in a string', () => {
    expect(['', 'abc', '한글', '👍🏽', 'é'].map(charactersIn)).toEqual([0, 3, 2, 2, 1]);
    const text = avro.Type.forSchema('string');
    const problemsAt = (length: number, one: string) =>
      checkFields(text, one.repeat(length), 'refused').problems.length;
    for (const one of ['a', '한', '👍'])
      expect([problemsAt(LONGEST_TEXT, one), problemsAt(LONGEST_TEXT + 1, one)], one).toEqual([0, 1]);
  });

  it('takes arrays up to its own limit where a business has none', () => {
    const numbers = avro.Type.forSchema({ type: 'array', items: 'int' });
    const problemsAt = (length: number) =>
      checkFields(numbers, new Array(length).fill(1), 'refused').problems.length;
    expect([problemsAt(MOST_ENTRIES), problemsAt(MOST_ENTRIES + 1)]).toEqual([0, 1]);
  });
});

describe('the limits', () => {
  it('are whole numbers that JavaScript, PostgreSQL and Avro count alike', () => {
    for (const [name, { min, max }] of Object.entries(limits)) {
      expect([Number.isSafeInteger(min), Number.isSafeInteger(max)], name).toEqual([true, true]);
      expect(min, name).toBeLessThan(max);
      expect(max, name).toBeLessThanOrEqual(LARGEST_LONG);
    }
  });

  it('leave room for the most that an order can add up to before it is compared', () => {
    const most = limits.items.max * limits.quantity.max * limits.price.max;
    expect(Number.isFinite(most)).toBe(true);
    // A sum above the limit is never rounded down to it.
    expect(limits.total.max + 1 > limits.total.max).toBe(true);
    expect(limits.total.max + limits.total.max).toBeGreaterThan(limits.total.max);
  });

  it('end times where a date and RFC 3339 end', () => {
    expect(new Date(limits.time.max).toISOString()).toBe('9999-12-31T23:59:59.999Z');
  });

  it('hold for numbers and texts alike', () => {
    const { min, max } = limits.quantity;
    expect(
      [min - 1, min, max, max + 1, 1.5, '1', NaN].map((value) => isWithin(limits.quantity, value)),
    ).toEqual([false, true, true, false, false, false, false]);
    const { operator, identifier } = limits;
    expect(
      [0, 1, operator.max, operator.max + 1].map((length) => isOfLength(operator, '👍'.repeat(length))),
    ).toEqual([false, true, true, false]);
    expect(
      [0, 1, identifier.max, identifier.max + 1].map((length) => identifierPattern.test(id(length))),
    ).toEqual([false, true, true, false]);
  });
});
