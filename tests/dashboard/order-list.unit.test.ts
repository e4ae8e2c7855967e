import { expect, test } from 'vitest';
import type { FeedMessage } from '../../dashboard/feed/messages.js';
import { noFilter, type OrderFilter } from '../../dashboard/orders/order-filter.js';
import {
  changeList,
  emptyList,
  isMissing,
  queryOfNext,
  upToFirst,
  type OrderList,
} from '../../dashboard/orders/order-list.js';
import type { OrderRow } from '../../dashboard/orders/order-row.js';
import { progressOf } from '../../dashboard/orders/progress-of.js';
import { services } from '../../schemas/services.js';
import { at, completedStory, message, ORDER, placed, status } from './stories.js';

const row = (orderId: string, ms: number): OrderRow => ({
  orderId,
  customerId: 'alice',
  items: [],
  total: { amount: 25_000, currency: 'KRW' },
  status: 'COMPLETED',
  reason: null,
  attention: [],
  createdAt: at(ms),
  updatedAt: at(ms),
});

const loaded = (
  orders: readonly OrderRow[],
  filter: Partial<OrderFilter> = {},
  nextCursor: string | null = null,
): OrderList =>
  changeList(changeList(emptyList, { kind: 'load', filter: { ...noFilter, ...filter } }), {
    kind: 'loaded',
    orders,
    nextCursor,
    hasNewer: false,
  });

const hear = (list: OrderList, ...messages: readonly FeedMessage[]): OrderList =>
  messages.reduce((now, message) => changeList(now, { kind: 'message', message, isReading: false }), list);

test('a new order comes first, and follows its status', () => {
  const list = hear(loaded([row('old', -1_000)]), ...completedStory);
  expect(list.rows.map(({ orderId }) => orderId)).toEqual([ORDER, 'old']);
  expect(list.rows[0]).toMatchObject({ status: 'COMPLETED', customerId: 'alice', updatedAt: at(900) });
});

test('a message that arrives while the list is loading wins over the list', () => {
  const loading = changeList(emptyList, { kind: 'load', filter: noFilter });
  const heard = hear(loading, status('COMPLETED', 900));
  const stale = { ...row(ORDER, 0), status: 'PENDING_PAYMENT' as const };
  const list = changeList(heard, { kind: 'loaded', orders: [stale], nextCursor: null, hasNewer: false });
  expect(list.rows[0]?.status).toBe('COMPLETED');
  expect(list.pending).toEqual([]);
});

test('an old message changes nothing', () => {
  const list = hear(loaded([row(ORDER, 900)]), status('PAYMENT_COMPLETED', 400), placed());
  expect(list.rows).toHaveLength(1);
  expect(list.rows[0]?.status).toBe('COMPLETED');
});

test('an order that stops matching the filter leaves; one that starts to is missing', () => {
  const filter = { status: 'PAYMENT_COMPLETED' };
  const paid = { ...row(ORDER, 0), status: 'PAYMENT_COMPLETED' as const };
  const list = hear(loaded([paid], filter), status('INVENTORY_RESERVED', 500));
  expect(list.rows).toEqual([]);
  const back = status('PAYMENT_COMPLETED', 600);
  expect(isMissing(list, back)).toBe(true);
  const found = changeList(list, { kind: 'found', order: paid, isReading: false });
  expect(found.rows).toHaveLength(1);
  expect(isMissing(found, back)).toBe(false);
});

test('a list of one customer ignores the others’ orders', () => {
  const list = hear(loaded([], { customerId: 'bob' }), placed());
  expect(list.rows).toEqual([]);
});

test('an order older than the last row waits for its page', () => {
  const list = hear(loaded([row('new', 1_000)], {}, 'next'), placed());
  expect(list.rows.map(({ orderId }) => orderId)).toEqual(['new']);
});

test('the next page is appended, without repeats', () => {
  const list = loaded([row('b', 2), row('a', 1)]);
  const more = changeList(list, {
    kind: 'loaded more',
    after: null,
    orders: [row('a', 1), row('z', 0)],
    nextCursor: null,
  });
  expect(more.rows.map(({ orderId }) => orderId)).toEqual(['b', 'a', 'z']);
});

test('a reload keeps the rows for the same filter, and starts empty for another', () => {
  const list = loaded([row('a', 1)]);
  expect(changeList(list, { kind: 'load', filter: list.filter }).rows).toHaveLength(1);
  expect(changeList(list, { kind: 'load', filter: { ...noFilter, status: 'COMPLETED' } }).rows).toEqual([]);
});

const placedAt = (ms: number): FeedMessage =>
  ({ kind: 'placed', data: { ...placed().data, orderId: `order ${ms}`, at: at(ms) } }) as FeedMessage;

const ids = ({ rows }: OrderList) => rows.map(({ orderId }) => orderId);

test('an hour of live orders leaves a list of bounded length, which goes on where it was cut off', () => {
  const first = Array.from({ length: 25 }, (_, n) => row(`past ${n}`, -n));
  let list = loaded(first, {}, 'next');
  let longest = 0;
  for (let second = 1; second <= 20_000; second++) {
    list = hear(list, placedAt(second * 180));
    longest = Math.max(longest, list.rows.length);
  }
  expect(longest).toBeLessThanOrEqual(125);
  expect(list.rows[0]?.orderId).toBe('order 3600000');
  const last = list.rows.at(-1);
  expect(queryOfNext(list)).toMatchObject({
    to: new Date(Date.parse(last?.createdAt ?? '') + 1).toISOString(),
  });
  const older = [row(last?.orderId ?? '', 0), row('older', -1)];
  const more = changeList(list, { kind: 'loaded more', after: list.next, orders: older, nextCursor: 'on' });
  expect(ids(more)).toEqual([...ids(list), 'older']);
  expect(queryOfNext(more)).toMatchObject({ to: null, cursor: 'on' });
});

test('rows that the reader has asked for are not cut off', () => {
  const list = loaded(
    Array.from({ length: 500 }, (_, n) => row(`past ${n}`, -n)),
    {},
    'next',
  );
  const live = hear(list, ...Array.from({ length: 300 }, (_, n) => placedAt(n + 1)));
  expect(live.rows.length).toBeGreaterThanOrEqual(500);
  expect(live.rows.length).toBeLessThanOrEqual(600);
});

test('a page that comes after the list was cut off is left out', () => {
  const list = loaded([row('a', 1)], {}, 'next');
  const cut = { ...list, next: { to: at(2) } };
  const late = { kind: 'loaded more', after: list.next, orders: [row('z', 0)], nextCursor: null } as const;
  expect(changeList(cut, late)).toBe(cut);
});

test('above a reader nothing is inserted; the list says that there is something newer', () => {
  const list = loaded([row('a', 1)], {}, 'next');
  const told = changeList(list, { kind: 'message', message: placedAt(5), isReading: true });
  expect([ids(told), told.hasNewer]).toEqual([['a'], true]);
  const found = changeList(list, { kind: 'found', order: row('b', 9), isReading: true });
  expect([ids(found), found.hasNewer]).toEqual([['a'], true]);
  expect(upToFirst(list)).toBe(at(2));
});

test('each filter holds for live orders, too', () => {
  const failed: OrderRow = { ...row(ORDER, 10), status: 'OUT_OF_STOCK', reason: 'UNKNOWN_SKU' };
  const open = [{ code: 'STUCK', since: at(1), clearedAt: null }] as const;
  const needing: OrderRow = { ...row(ORDER, 10), attention: open };
  const isListed = (filter: Partial<OrderFilter>, order: OrderRow) =>
    changeList(loaded([], filter), { kind: 'found', order, isReading: false }).rows.length === 1;
  const cases = [
    [{ id: ORDER.slice(0, 8) }, failed, true],
    [{ id: ORDER.replaceAll('-', '') }, failed, true],
    [{ id: '2222' }, failed, false],
    [{ status: 'OUT_OF_STOCK' }, failed, true],
    [{ reason: 'UNKNOWN_SKU' }, failed, true],
    [{ reason: 'NO_WALLET' }, failed, false],
    [{ failed: 'true' }, failed, true],
    [{ failed: 'true' }, needing, false],
    [{ attention: 'true' }, needing, true],
    [{ attention: 'true' }, failed, false],
    [{ from: at(10), to: at(11) }, failed, true],
    [{ from: at(11) }, failed, false],
    [{ to: at(10) }, failed, false],
    [{ failed: 'true', customerId: 'bob' }, failed, false],
  ] as const;
  for (const [filter, order, isWanted] of cases)
    expect([filter, isListed(filter, order)]).toEqual([filter, isWanted]);
});

test('a message says that an order may belong in the list now', () => {
  const raised = message('attention', { code: 'STUCK', since: at(1), clearedAt: null });
  const cleared = message('attention', { code: 'STUCK', since: at(1), clearedAt: at(2) });
  const soldOut = status('OUT_OF_STOCK', 5, { reason: 'UNKNOWN_SKU' });
  const missing = (filter: Partial<OrderFilter>, told: FeedMessage) => isMissing(loaded([], filter), told);
  expect([missing({ attention: 'true' }, raised), missing({ attention: 'true' }, cleared)]).toEqual([
    true,
    false,
  ]);
  expect([missing({ failed: 'true' }, soldOut), missing({ reason: 'NO_WALLET' }, soldOut)]).toEqual([
    true,
    false,
  ]);
  expect([missing({}, soldOut), missing({ failed: 'true', id: '2222' }, soldOut)]).toEqual([false, false]);
});

test('an order that needs a person is flagged until that is resolved', () => {
  const raised = message('attention', { code: 'NOTIFICATION_FAILED', since: at(1), clearedAt: null });
  const cleared = message('attention', { code: 'NOTIFICATION_FAILED', since: at(1), clearedAt: at(2) });
  const list = hear(loaded([row(ORDER, 0)]), raised);
  expect(list.rows[0]?.attention).toMatchObject([{ clearedAt: null }]);
  expect(hear(list, cleared).rows[0]?.attention).toMatchObject([{ clearedAt: at(2) }]);
});

test('the progress says how far each service has come', () => {
  const progress = (order: Parameters<typeof progressOf>[1]) =>
    services.map((service) => progressOf(service, order));
  expect(progress({ status: 'OUT_OF_STOCK', attention: [] })).toEqual(['done', 'undone', 'failed', 'idle']);
  const parked = { code: 'NOTIFICATION_FAILED', since: at(0), clearedAt: null } as const;
  expect(progress({ status: 'INVENTORY_RESERVED', attention: [parked] }).at(-1)).toBe('failed');
  expect(progress({ status: 'INVENTORY_RESERVED', attention: [] }).at(-1)).toBe('current');
});
