import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api.close());

const names = ['ann', 'bea', 'cem', 'Dot', 'e.1'];
const krw = { amount: 5, currency: 'KRW' };
const key = () => ({ 'idempotency-key': randomUUID() });

/** Creates an entry of each list. */
const lists = [
  {
    path: '/customers',
    name: 'customers',
    create: (id: string) => api.call('PUT', `/customers/${id}`, { body: { name: `Name of ${id}` } }),
  },
  {
    path: '/products',
    name: 'products',
    create: (id: string) => api.call('PUT', `/products/${id}`, { body: { name: id, price: krw } }),
  },
  {
    path: '/wallets',
    name: 'wallets',
    create: (id: string) =>
      api.call('POST', `/wallets/${id}/deposits`, { body: { amount: krw }, headers: key() }),
  },
  {
    path: '/stock',
    name: 'stock',
    create: (id: string) =>
      api.call('POST', `/stock/${id}/restocks`, { body: { quantity: 3 }, headers: key() }),
  },
];

interface Page extends Readonly<Record<string, unknown>> {
  readonly nextCursor: string | null;
}

async function listAll(path: string, name: string, limit: number): Promise<readonly unknown[]> {
  const entries: unknown[] = [];
  let cursor: string | null = null;
  do {
    const answer = await api.call(
      'GET',
      `${path}?limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    expect(answer.status).toBe(200);
    const page = answer.body as Page;
    const shown = page[name] as readonly unknown[];
    expect(shown.length).toBeLessThanOrEqual(limit);
    entries.push(...shown);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return entries;
}

describe.each(lists)('$path', ({ path, name, create }) => {
  test('is empty at first', async () => {
    expect((await api.call('GET', path)).body).toEqual({ [name]: [], nextCursor: null });
  });

  test('shows each entry once, as the resource itself does, in pages of any size', async () => {
    for (const id of names) expect((await create(id)).status).toBe(200);
    const single = await Promise.all(names.map(async (id) => (await api.call('GET', `${path}/${id}`)).body));
    const all = await listAll(path, name, 100);
    expect(all).toHaveLength(names.length);
    expect(all).toEqual(expect.arrayContaining(single));
    for (const limit of [1, 2, 5]) expect(await listAll(path, name, limit)).toEqual(all);
  });

  test.each(['limit=0', 'limit=101', 'limit=x', 'cursor=x', 'cursor=WzFd', 'cursor=', 'sku=mouse'])(
    '?%s is malformed',
    async (query) => {
      const parameter = query.split('=')[0];
      expect(await api.call('GET', `${path}?${query}`)).toMatchObject({
        status: 400,
        body: { errors: [{ parameter }] },
      });
    },
  );
});
