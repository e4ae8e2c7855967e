import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.js';
import { storePastOrders } from '../support/past-orders.js';

interface Order {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: string;
  readonly reason: string | null;
  readonly attention: readonly { readonly clearedAt: string | null }[];
  readonly createdAt: string;
}

interface Page {
  readonly orders: readonly Order[];
  readonly nextCursor: string | null;
}

let api: TestApi;
let all: readonly Order[];
beforeAll(async () => {
  api = await startTestApi();
  await storePastOrders(api.db.ownerUrl, 400);
  await api.db.owner.query(
    `insert into journal.unfinished (service, order_id, why, stuck_at, rested_at)
     select 'payment', md5('order 1')::uuid, 'DUE', now(), null
     union all select 'payment', md5('order 2')::uuid, 'DUE', now(), now()`,
  );
  all = await listAll('');
});
afterAll(() => api.close());

async function listAll(query: string): Promise<readonly Order[]> {
  const found: Order[] = [];
  let cursor = '';
  do {
    const { status, body } = await api.call('GET', `/orders?limit=60${query}${cursor}`);
    expect(status).toBe(200);
    const page = body as Page;
    found.push(...page.orders);
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  return found;
}

const needsAPerson = ({ attention }: Order) => attention.some(({ clearedAt }) => clearedAt === null);

test.each<readonly [string, (order: Order) => boolean]>([
  ['&status=OUT_OF_STOCK', ({ status }) => status === 'OUT_OF_STOCK'],
  ['&reason=NO_WALLET', ({ reason }) => reason === 'NO_WALLET'],
  ['&failed=true', ({ status }) => status === 'PAYMENT_FAILED' || status === 'OUT_OF_STOCK'],
  ['&attention=true', needsAPerson],
  ['&customerId=bob', ({ customerId }) => customerId === 'bob'],
  [
    '&failed=true&reason=INSUFFICIENT_BALANCE&customerId=alice',
    ({ reason, customerId }) => reason === 'INSUFFICIENT_BALANCE' && customerId === 'alice',
  ],
  [
    '&attention=true&status=INVENTORY_RESERVED&customerId=bob',
    (order) => needsAPerson(order) && order.status === 'INVENTORY_RESERVED' && order.customerId === 'bob',
  ],
])('?%s lists those that match, newest first, page by page', async (query, isWanted) => {
  const wanted = all.filter(isWanted);
  expect(wanted.length).toBeGreaterThan(1);
  expect(wanted.length).toBeLessThan(all.length);
  expect(await listAll(query)).toEqual(wanted);
});

test('attention: what is stuck needs a person until it has come to rest', async () => {
  const ids = (await listAll('&attention=true')).map(({ orderId }) => orderId);
  const [first, second] = all.map(({ orderId }) => orderId);
  expect([ids.includes(first ?? ''), ids.includes(second ?? '')]).toEqual([true, false]);
});

test('from is inclusive, to exclusive', async () => {
  const [from, to] = [all[30]?.createdAt, all[10]?.createdAt];
  expect(await listAll(`&from=${from}&to=${to}`)).toEqual(all.slice(11, 31));
});

test('an order is found by any beginning of its id, in any case, with or without hyphens', async () => {
  const { orderId } = all[77] ?? { orderId: '' };
  for (const beginning of [
    ...[8, 9, 13, 14, 20, 36].map((length) => orderId.slice(0, length)),
    orderId.toUpperCase(),
    orderId.replaceAll('-', ''),
  ])
    expect((await listAll(`&id=${beginning}`)).map((order) => order.orderId)).toEqual([orderId]);
  const four = orderId.slice(0, 4);
  expect(await listAll(`&id=${four}`)).toEqual(all.filter((order) => order.orderId.startsWith(four)));
  expect(await listAll(`&id=${orderId}&status=${all[77]?.status}`)).toHaveLength(1);
  expect(await listAll(`&id=${orderId}&customerId=nobody`)).toEqual([]);
});

test.each([
  ...['id=abc', 'id=', 'id=wxyz', 'id=575a01e7%25', `id=${'a'.repeat(33)}`, 'status=DONE', 'reason=none'],
  ...['failed=false', 'failed=', 'attention=1', 'from=yesterday', 'to=2026-01-31', 'search=alice'],
])('?%s is malformed', async (query) => {
  const [parameter] = query.split('=');
  expect(await api.call('GET', `/orders?${query}`)).toMatchObject({
    status: 400,
    body: { errors: [{ parameter }] },
  });
});
