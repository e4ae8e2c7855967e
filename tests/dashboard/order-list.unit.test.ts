import { expect, test } from 'vitest';
import type { FeedMessage } from '../../dashboard/feed/messages.js';
import {
  changeList,
  emptyList,
  isMissing,
  type OrderList,
  type OrderRow,
} from '../../dashboard/orders/order-list.js';
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
  filter = emptyList.filter,
  nextCursor: string | null = null,
): OrderList =>
  changeList(changeList(emptyList, { kind: 'load', filter }), { kind: 'loaded', orders, nextCursor });

const hear = (list: OrderList, ...messages: readonly FeedMessage[]): OrderList =>
  messages.reduce((now, message) => changeList(now, { kind: 'message', message }), list);

test('a new order comes first, and follows its status', () => {
  const list = hear(loaded([row('old', -1_000)]), ...completedStory);
  expect(list.rows.map(({ orderId }) => orderId)).toEqual([ORDER, 'old']);
  expect(list.rows[0]).toMatchObject({ status: 'COMPLETED', customerId: 'alice', updatedAt: at(900) });
});

test('a message that arrives while the list is loading wins over the list', () => {
  const loading = changeList(emptyList, { kind: 'load', filter: emptyList.filter });
  const heard = hear(loading, status('COMPLETED', 900));
  const stale = { ...row(ORDER, 0), status: 'PENDING_PAYMENT' as const };
  const list = changeList(heard, { kind: 'loaded', orders: [stale], nextCursor: null });
  expect(list.rows[0]?.status).toBe('COMPLETED');
  expect(list.pending).toEqual([]);
});

test('an old message changes nothing', () => {
  const list = hear(loaded([row(ORDER, 900)]), status('PAYMENT_COMPLETED', 400), placed());
  expect(list.rows).toHaveLength(1);
  expect(list.rows[0]?.status).toBe('COMPLETED');
});

test('an order that stops matching the filter leaves; one that starts to is missing', () => {
  const filter = { status: 'PAYMENT_COMPLETED', customerId: null };
  const paid = { ...row(ORDER, 0), status: 'PAYMENT_COMPLETED' as const };
  const list = hear(loaded([paid], filter), status('INVENTORY_RESERVED', 500));
  expect(list.rows).toEqual([]);
  const back = status('PAYMENT_COMPLETED', 600);
  expect(back.kind === 'status' && isMissing(list, back.data)).toBe(true);
  const found = changeList(list, { kind: 'found', order: paid });
  expect(found.rows).toHaveLength(1);
  expect(back.kind === 'status' && isMissing(found, back.data)).toBe(false);
});

test('a list of one customer ignores the others’ orders', () => {
  const list = hear(loaded([], { status: null, customerId: 'bob' }), placed());
  expect(list.rows).toEqual([]);
});

test('an order older than the last row waits for its page', () => {
  const list = hear(loaded([row('new', 1_000)], emptyList.filter, 'next'), placed());
  expect(list.rows.map(({ orderId }) => orderId)).toEqual(['new']);
});

test('the next page is appended, without repeats', () => {
  const list = loaded([row('b', 2), row('a', 1)]);
  const more = changeList(list, {
    kind: 'loaded more',
    orders: [row('a', 1), row('z', 0)],
    nextCursor: null,
  });
  expect(more.rows.map(({ orderId }) => orderId)).toEqual(['b', 'a', 'z']);
});

test('a reload keeps the rows for the same filter, and starts empty for another', () => {
  const list = loaded([row('a', 1)]);
  expect(changeList(list, { kind: 'load', filter: list.filter }).rows).toHaveLength(1);
  expect(changeList(list, { kind: 'load', filter: { status: 'COMPLETED', customerId: null } }).rows).toEqual(
    [],
  );
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
