import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrderId } from '../../schemas/ids.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { storeOrder } from '../support/shop.js';
import { StreamClient } from '../support/stream-client.js';

/** During a rolling release, this API streams what a newer release has written, next to what it knows itself. */
let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api.close());

const publish = (orderId: OrderId, publisher: string, type: string, eventId: string, causationId?: string) =>
  api.db.owner.query(
    `insert into journal.events (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload,
       published_by)
     values ($1, $2, $3, 1, $4, $5, now(), '{}', $6)`,
    [eventId, orderId, type, randomUUID(), causationId, `${publisher}_service`],
  );

test('unknown publishers, event types, causes and kinds of message are sent as they are', async () => {
  const { orderId } = await storeOrder(api.db.owner);
  const shipped = randomUUID();
  await publish(orderId, 'drones', 'OrderShippedEvent', shipped);
  await publish(orderId, 'payment', 'PaymentFailedEvent', randomUUID(), shipped);
  await api.db.owner.query(
    `insert into feed.entries (order_id, kind, data) values ($1, 'parcel', '{"weight":7}')`,
    [orderId],
  );
  const client = await StreamClient.open(`${api.url}/orders/${orderId}/events`);
  try {
    // The placement and its state come first.
    await expect.poll(() => blocksOf(client.text).length, { timeout: 60_000 }).toBe(5);
    expect(blocksOf(client.text).slice(2)).toMatchObject([
      {
        kind: 'published',
        data: { type: 'OrderShippedEvent', publisher: 'drones', subscribers: [] },
      },
      {
        kind: 'published',
        data: { type: 'PaymentFailedEvent', publisher: 'payment', subscribers: ['order'] },
      },
      { kind: 'parcel', data: { weight: 7 } },
    ]);
  } finally {
    client.close();
  }
});

/** All messages as received, of any kind. */
const blocksOf = (text: string): readonly { readonly kind: string; readonly data: unknown }[] =>
  [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, kind = '', data = '']) => ({
    kind,
    data: JSON.parse(data) as unknown,
  }));
