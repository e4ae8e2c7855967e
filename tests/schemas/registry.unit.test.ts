import { describe, expect, it } from 'vitest';
import { loadSchema } from '../../schemas/registry.js';
import { catalogue, type EventType } from '../../schemas/catalogue.js';
import { validateEvent } from '../../schemas/registry.js';
import { changed, everyExample, examples, type Json } from './examples.js';

/** The paths that a payload is refused for; none means that it was accepted. */
function refusedAt(type: EventType, payload: unknown): readonly string[] {
  const validation = validateEvent(type, payload);
  return validation.ok ? [] : validation.problems.map(({ path }) => path);
}

const hasDefault = (type: EventType, name: string): boolean =>
  loadSchema(type, catalogue[type].version).fields.some(
    (field) => field.name === name && field.default !== undefined,
  );

describe('a good event', () => {
  it.each(everyExample)('%s is accepted as it is', (type, payload) => {
    expect(validateEvent(type, payload)).toStrictEqual({ ok: true, payload });
  });

  it.each(everyExample)('%s is refused for each field that is missing', (type, payload) => {
    for (const field of Object.keys(payload).filter((name) => !hasDefault(type, name)))
      expect(refusedAt(type, changed(type, { [field]: undefined }))).toEqual([field]);
  });

  it.each(everyExample)('%s is refused for a field that is not declared', (type) => {
    expect(refusedAt(type, changed(type, { email: 'alice@example.org' }))).toEqual(['email']);
  });

  it('may leave out a field that has a default, and then has it', () => {
    const validation = validateEvent(
      'OrderCompletedNotificationSentEvent',
      changed('OrderCompletedNotificationSentEvent', { uncertain: undefined }),
    );
    expect(validation).toMatchObject({ ok: true, payload: { uncertain: false } });
  });

  it('is copied, so that nobody changes what was checked', () => {
    const payload = structuredClone(examples.OrderCreatedEvent);
    const validation = validateEvent('OrderCreatedEvent', payload);
    (payload['items'] as { quantity: number }[]).forEach((item) => (item.quantity = -1));
    expect(validation).toMatchObject({ payload: { items: [{ quantity: 2 }, { quantity: 1 }] } });
  });
});

describe('a bad value is refused at its path', () => {
  const item = { sku: 'mouse', quantity: 1, unitPrice: { amount: 1, currency: 'KRW' } };
  const money = (unitPrice: unknown): Json => ({ items: [item, { ...item, unitPrice }] });

  it.each<[string, Json, string]>([
    ['a UUID in capitals', { orderId: '7C9E6679-7425-40DE-944B-E07FC1F90AE7' }, 'orderId'],
    ['a UUID in braces', { eventId: '{0f8fad5b-d9cb-569f-a165-70867728950e}' }, 'eventId'],
    ['a UUID with a line feed', { orderId: '7c9e6679-7425-40de-944b-e07fc1f90ae7\n' }, 'orderId'],
    ['a malformed cause', { causationId: 'nothing' }, 'causationId'],
    ['a wrapped nullable', { causationId: { string: 'x' } }, 'causationId'],
    ['a null that is not nullable', { customerId: null }, 'customerId'],
    ['a time as text', { occurredAt: '2024-01-01T00:00:00Z' }, 'occurredAt'],
    ['a time before 1970', { occurredAt: -1 }, 'occurredAt'],
    ['half a millisecond', { answerBy: 1.5 }, 'answerBy'],
    ['a Date', { occurredAt: new Date() }, 'occurredAt'],
    ['NaN', money({ amount: NaN, currency: 'KRW' }), 'items[1].unitPrice.amount'],
    ['infinity', money({ amount: Infinity, currency: 'KRW' }), 'items[1].unitPrice.amount'],
    ['an unsafe integer', money({ amount: 2 ** 53, currency: 'KRW' }), 'items[1].unitPrice.amount'],
    ['negative money', money({ amount: -1, currency: 'KRW' }), 'items[1].unitPrice.amount'],
    ['money as a float', money({ amount: 0.5, currency: 'KRW' }), 'items[1].unitPrice.amount'],
    ['money as a bigint', money({ amount: 1n, currency: 'KRW' }), 'items[1].unitPrice.amount'],
    ['a currency in small letters', money({ amount: 1, currency: 'krw' }), 'items[1].unitPrice.currency'],
    ['a currency of four letters', money({ amount: 1, currency: 'KRWX' }), 'items[1].unitPrice.currency'],
    ['money without a currency', money({ amount: 1 }), 'items[1].unitPrice.currency'],
    ['money as a number', money(25_000), 'items[1].unitPrice'],
    ['an extra field in money', money({ amount: 1, currency: 'KRW', x: 1 }), 'items[1].unitPrice.x'],
    ['no pieces', { items: [{ ...item, quantity: 0 }] }, 'items[0].quantity'],
    ['a fraction of a piece', { items: [{ ...item, quantity: 1.5 }] }, 'items[0].quantity'],
    ['more pieces than an int holds', { items: [{ ...item, quantity: 2 ** 31 }] }, 'items[0].quantity'],
    ['pieces as a symbol', { items: [{ ...item, quantity: Symbol('1') }] }, 'items[0].quantity'],
    ['a NUL character', { customerId: 'ali\0ce' }, 'customerId'],
    ['half a surrogate pair', { customerId: 'ali\ud83d' }, 'customerId'],
    ['a text too long', { customerId: 'a'.repeat(1_001) }, 'customerId'],
    ['an object for a text', { customerId: { toString: () => 'alice' } }, 'customerId'],
    ['an object for an array', { items: { 0: item, length: 1 } }, 'items'],
    ['an array too long', { items: new Array(1_001).fill(item) }, 'items'],
    ['a hole in an array', { items: [item, undefined] }, 'items[1]'],
    ['an entry that is no object', { items: ['mouse'] }, 'items[0]'],
    ['an odd key', { 'a.b\0': 1 }, '["a.b\\u0000"]'],
    ['a __proto__ key', JSON.parse('{"__proto__": {"x": 1}}') as Json, '__proto__'],
  ])('%s', (_, changes, path) => {
    expect(refusedAt('OrderCreatedEvent', changed('OrderCreatedEvent', changes))).toEqual([path]);
  });

  it.each(['toString', 'constructor', '__proto__', ['OUT_OF_STOCK'], 'out_of_stock', '', null, 0])(
    'the reason %j',
    (reason) => {
      const type = 'InventoryReservationFailedEvent';
      expect(refusedAt(type, changed(type, { reason }))).toEqual(['reason']);
    },
  );

  it('says what was expected and what was found', () => {
    expect(validateEvent('OrderCancelledEvent', changed('OrderCancelledEvent', { reason: 'BORED' }))).toEqual(
      {
        ok: false,
        problems: [{ path: 'reason', expected: 'one of PAYMENT_TIMEOUT, SAGA_TIMEOUT', found: '"BORED"' }],
      },
    );
  });

  it('names every field that is wrong, and at most 20 of them', () => {
    const bad = { orderId: 'x', occurredAt: 'x', reason: 'x' };
    expect(refusedAt('OrderCancelledEvent', changed('OrderCancelledEvent', bad))).toEqual(Object.keys(bad));
    const hopeless = { items: new Array(100).fill({}) };
    expect(refusedAt('OrderCreatedEvent', changed('OrderCreatedEvent', hopeless))).toHaveLength(20);
  });
});

describe('the version', () => {
  it.each([0, -1, 1.5, '1', null, undefined, NaN, 2 ** 40])('%s is refused', (version) => {
    expect(refusedAt('OrderCancelledEvent', changed('OrderCancelledEvent', { version }))).toEqual([
      'version',
    ]);
  });

  it('newer than known: what is known is checked and read, the rest is ignored at every depth', () => {
    const { refunded, ...rest } = examples.PaymentCancelledEvent;
    const known = { ...rest, version: 2, refunded };
    const newer = { ...known, channel: 'card', refunded: { ...(refunded as Json), fee: 0 } };
    expect(validateEvent('PaymentCancelledEvent', newer)).toStrictEqual({ ok: true, payload: known });
    expect(refusedAt('PaymentCancelledEvent', { ...newer, orderId: 'x' })).toEqual(['orderId']);
  });
});
