import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.js';
import { seedShop } from '../support/database.js';
import { effectsAlone } from '../support/effects-alone.js';
import { readMessages } from '../support/feed.js';
import { placementOf } from '../support/saga-world.js';
import { StreamClient } from '../support/stream-client.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedShop(api.db.owner);
});
afterAll(() => api.close());

test('with follow=false the stream tells all that has happened to the order, and ends', async () => {
  const run = effectsAlone(api.db);
  const orderId = await run(placementOf('alice', 'mouse'));
  await run(placementOf('bob', 'mouse'));
  const told = await readMessages(api.db.pools.observer, { orderId });
  const client = await StreamClient.open(`${api.url}/orders/${orderId}/events?follow=false`);
  await expect.poll(() => client.isClosed).toBe(true);
  expect(told.length).toBeGreaterThan(10);
  expect(client.messages).toEqual(told);
});

test.each(['follow=no', 'follow='])('?%s is malformed', async (query) => {
  const path = `/orders/00000000-0000-4000-8000-000000000000/events?${query}`;
  expect(await api.call('GET', path)).toMatchObject({
    status: 400,
    body: { errors: [{ parameter: 'follow' }] },
  });
});
