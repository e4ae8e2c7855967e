import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limits, type LimitName } from '../../schemas/limits.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { seedReferenceData } from '../support/shop.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedReferenceData(api.db.owner);
});
afterAll(() => api.close());

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a quantity comes in, what is wrong with it beyond its limit, and where that is said. */
interface Door {
  readonly name: LimitName;
  readonly send: (at: number) => Request;
  /** Inside the limit it is refused for something later, with this problem; else it is accepted. */
  readonly later?: 'unknown-customer' | 'unknown-product' | 'not-found';
  /** 422 where a rule is broken, 400 where the request is malformed. */
  readonly refused: number;
  readonly where: Readonly<Record<string, string>>;
}

const krw = (amount: number) => ({ amount, currency: 'KRW' });
const key = () => ({ 'idempotency-key': randomUUID() });
const id = (length: number) => 'a'.repeat(length);
/** Each takes two places in a string of JavaScript. */
const letters = (length: number) => '👍'.repeat(length);
const item = (over: object = {}) => ({ sku: 'nothing', quantity: 1, ...over });
const order = (over: object, headers = {}): Request => ({
  ...{ method: 'POST', path: '/orders', headers },
  body: { customerId: 'alice', items: [item()], ...over },
});
const retry = `/orders/${randomUUID()}/notification-retries`;

const doors: readonly Door[] = [
  {
    name: 'price',
    send: (at) => ({ method: 'PUT', path: '/products/x', body: { name: 'X', price: krw(at) } }),
    refused: 422,
    where: { pointer: '#/price/amount' },
  },
  {
    name: 'deposit',
    send: (at) => ({
      ...{ method: 'POST', path: `/wallets/w-${at}/deposits`, headers: key() },
      body: { amount: krw(at) },
    }),
    refused: 422,
    where: { pointer: '#/amount/amount' },
  },
  {
    name: 'restock',
    send: (at) => ({
      ...{ method: 'POST', path: `/stock/s-${at}/restocks`, headers: key() },
      body: { quantity: at },
    }),
    refused: 422,
    where: { pointer: '#/quantity' },
  },
  {
    name: 'quantity',
    send: (at) => order({ items: [item({ quantity: at })] }),
    ...{ later: 'unknown-product', refused: 422, where: { pointer: '#/items/0/quantity' } },
  },
  {
    name: 'items',
    send: (at) => order({ items: Array.from({ length: at }, (_, i) => item({ sku: `nothing-${i}` })) }),
    ...{ later: 'unknown-product', refused: 422, where: { pointer: '#/items' } },
  },
  {
    name: 'identifier',
    send: (at) => order({ customerId: id(at) }),
    ...{ later: 'unknown-customer', refused: 400, where: { pointer: '#/customerId' } },
  },
  {
    name: 'identifier',
    send: (at) => order({ items: [item({ sku: id(at) })] }),
    ...{ later: 'unknown-product', refused: 400, where: { pointer: '#/items/0/sku' } },
  },
  ...(['customers', 'products'] as const).map((resource): Door => ({
    name: 'name',
    send: (at) => ({
      ...{ method: 'PUT', path: `/${resource}/x` },
      body: { name: letters(at), ...(resource === 'products' && { price: krw(1) }) },
    }),
    refused: 400,
    where: { pointer: '#/name' },
  })),
  ...(['/customers/', '/contacts/', '/wallets/'] as const).map((path): Door => ({
    name: 'identifier',
    send: (at) => ({ method: 'GET', path: path + id(at) }),
    ...{ later: 'not-found', refused: 400, where: { parameter: 'customerId' } },
  })),
  {
    name: 'email',
    send: (at) => ({ method: 'PUT', path: '/contacts/x', body: { email: addressOf(at) } }),
    refused: 400,
    where: { pointer: '#/email' },
  },
  {
    name: 'emailLocalPart',
    send: (at) => ({ method: 'PUT', path: '/contacts/x', body: { email: `${'a'.repeat(at)}@shop.example` } }),
    refused: 400,
    where: { pointer: '#/email' },
  },
  {
    name: 'idempotencyKey',
    send: (at) => order({}, { 'idempotency-key': 'k'.repeat(at) }),
    ...{ later: 'unknown-product', refused: 400, where: { header: 'Idempotency-Key' } },
  },
  ...(['a', '한', '👍'] as const).map((letter): Door => ({
    name: 'operator',
    send: (at) => ({
      ...{ method: 'POST', path: retry },
      headers: { operator: encodeURIComponent(letter.repeat(at)) },
    }),
    ...{ later: 'not-found', refused: 400, where: { header: 'Operator' } },
  })),
  {
    name: 'page',
    send: (at) => ({ method: 'GET', path: `/products?limit=${at}` }),
    refused: 400,
    where: { parameter: 'limit' },
  },
];

const SHORTEST_ADDRESS = 'a@b.co'.length;

/** An address of so many characters. */
function addressOf(length: number): string {
  if (length < SHORTEST_ADDRESS) return 'a'.repeat(length);
  const domain = Array.from({ length: length - 'a@.co'.length }, (_, at) => (at % 60 === 30 ? '.' : 'b'));
  return `a@${domain.join('')}.co`;
}

describe.each(doors)('$name', ({ name, send, later, refused, where }) => {
  const { min, max } = limits[name];
  const call = (at: number) => {
    const { method, path, ...request } = send(at);
    return api.call(method, path, request);
  };

  test.each([name === 'email' ? SHORTEST_ADDRESS : min, max])('%i is within the limit', async (at) => {
    const answer = await call(at);
    if (later === undefined) expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    else expect(answer.body).toMatchObject({ type: `/problems/${later}` });
  });

  // Without its id, the path of an entry is that of the list.
  const beyond = 'parameter' in where && name === 'identifier' ? [max + 1] : [min - 1, max + 1];
  test.each(beyond)('%i is refused at its place, with what was expected', async (at) => {
    const answer = await call(at);
    expect(answer).toMatchObject({ status: refused, body: { status: refused, errors: [where] } });
    expect(JSON.stringify(answer.body)).toMatch(/expected /);
  });
});

describe('sums', () => {
  const full = limits.balance.max;

  test('a total at its limit is priced; one unit more is refused, and says where and why', async () => {
    await api.call('PUT', '/products/won', { body: { name: 'Won', price: krw(1) } });
    const answer = await api.call('POST', '/orders', {
      body: { customerId: 'alice', items: [item({ sku: 'moon' }), item({ sku: 'won' })] },
    });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        type: '/problems/total-too-large',
        errors: [{ pointer: '#/items', detail: `expected a total of at most ${limits.total.max}` }],
      },
    });
  });

  test('a wallet at its limit can be read, and takes nothing more', async () => {
    const deposit = (amount: number) =>
      api.call('POST', '/wallets/full/deposits', { body: { amount: krw(amount) }, headers: key() });
    expect(await deposit(full)).toMatchObject({ status: 200, body: { balance: krw(full) } });
    expect(await deposit(1)).toMatchObject({
      status: 422,
      body: { type: '/problems/total-too-large', errors: [{ pointer: '#/amount/amount' }] },
    });
    expect((await api.call('GET', '/wallets/full')).body).toMatchObject({ balance: krw(full) });
    expect((await api.call('GET', '/wallets')).status).toBe(200);
  });

  test('money that may be refunded counts as well', async () => {
    await api.call('POST', '/wallets/charged/deposits', { body: { amount: krw(full) }, headers: key() });
    await api.db.owner.query(
      `update payment.wallets set balance = balance - 500, charged = 500 where customer_id = 'charged'`,
    );
    const answer = await api.call('POST', '/wallets/charged/deposits', {
      body: { amount: krw(1) },
      headers: key(),
    });
    expect(answer).toMatchObject({ status: 422, body: { type: '/problems/total-too-large' } });
  });

  test('a stock at its limit can be read, and takes no piece more, nor while pieces are reserved', async () => {
    const restock = (quantity: number) =>
      api.call('POST', '/stock/full/restocks', { body: { quantity }, headers: key() });
    expect((await restock(limits.stock.max)).status).toBe(200);
    const refused = {
      status: 422,
      body: { type: '/problems/total-too-large', errors: [{ pointer: '#/quantity' }] },
    };
    expect(await restock(1)).toMatchObject(refused);
    await api.db.owner.query(
      `update inventory.stock set available = available - 5, reserved = 5 where sku = 'full'`,
    );
    expect(await restock(1)).toMatchObject(refused);
    expect((await api.call('GET', '/stock/full')).body).toMatchObject({ available: limits.stock.max - 5 });
  });
});

test.each(['%', '%zz', '%C0%80', '%ED%A0%80', '%00', '%0A', '%C2%85', '%F4%90%80%80', 'a%'])(
  'an operator who is called %s is malformed',
  async (operator) => {
    expect(await api.call('POST', retry, { headers: { operator } })).toMatchObject({
      status: 400,
      body: { errors: [{ header: 'Operator' }] },
    });
  },
);

test('an operator is recorded by the name that was meant, up to the longest', async () => {
  for (const name of ['Ann', '민아', 'Zoë 100%', '👍'.repeat(limits.operator.max)]) {
    const orderId = randomUUID();
    const { rows } = await api.db.owner.query<{ id: number }>(
      `insert into journal.quarantine (service, order_id, workflow_id, run_id, signal_name, reason, detail, body,
         body_digest, seen)
       values ('payment', $1, 'w', 'r', 'Odd', 'UNKNOWN_EVENT', '', '[]', $1::uuid::text, 1) returning quarantine_id as id`,
      [orderId],
    );
    const headers = { operator: encodeURIComponent(name) };
    expect(await api.call('POST', `/quarantine/${rows[0]?.id}/dismissal`, { headers })).toMatchObject({
      status: 200,
      body: { operator: name },
    });
    expect((await api.call('GET', `/operator-actions?orderId=${orderId}`)).body).toMatchObject({
      operatorActions: [{ operator: name }],
    });
  }
});

test.each([
  ['f'.repeat(8), 404],
  ['F'.repeat(8), 404],
  ['g'.repeat(8), 400],
  ['f'.repeat(7), 400],
])(
  'an order id that begins with %s: %i, as events and rows have ids of whatever version',
  async (first, status) => {
    expect((await api.call('GET', `/orders/${first}-0000-0000-0000-000000000001`)).status).toBe(status);
  },
);

test('the document has the same bounds', async () => {
  const { body } = await api.call('GET', '/openapi.json');
  const text = JSON.stringify(body);
  const { price, deposit, quantity, items } = limits;
  for (const bounds of [
    `"minimum":${price.min},"maximum":${price.max}`,
    `"minimum":${deposit.min},"maximum":${deposit.max}`,
    `"minimum":${quantity.min},"maximum":${quantity.max}`,
    `"minItems":${items.min},"maxItems":${items.max}`,
  ])
    expect(text).toContain(bounds);
  const amounts = [...text.matchAll(/"amount":\{[^}]*"maximum":(\d+)/g)].map(([, maximum]) =>
    Number(maximum),
  );
  expect(new Set(amounts)).toEqual(new Set([limits.total.max]));
  expect(amounts.length).toBeGreaterThan(3);
});
