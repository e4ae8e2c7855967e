import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../platform/logger.js';
import type { OrderId } from '../../schemas/ids.js';
import { RETRY_NOTIFICATION, services } from '../../schemas/services.js';
import { serve } from '../support/api.js';
import { readMessages } from '../support/feed.js';
import { createWorld, placementOf, type World } from '../support/saga-world.js';
import { StreamClient } from '../support/stream-client.js';

let world: World;
let url: string;
let close: () => Promise<void>;
beforeAll(async () => {
  world = await createWorld();
  ({ url, close } = await serve({
    pools: world.db.pools,
    client: world.env.client,
    temporalUiUrl: 'http://temporal.example',
    log: createLogger('test', 'silent'),
    stopping: new AbortController().signal,
  }));
});

const clients: StreamClient[] = [];
async function open(path: string): Promise<StreamClient> {
  const client = await StreamClient.open(url + path);
  clients.push(client);
  return client.begun();
}

afterAll(async () => {
  for (const client of clients) client.close();
  await close();
  await world.close();
});

const refuse: World['sendMail'] = () =>
  Promise.reject(Object.assign(new Error('mailbox unavailable'), { responseCode: 550 }));

/** One column of the order's rows, in sequence. */
async function column(orderId: OrderId, query: string): Promise<readonly unknown[]> {
  const { rows } = await world.db.owner.query<{ value: unknown }>(query, [orderId]);
  return rows.map(({ value }) => value);
}

/** Skips time between the attempts, and then stops skipping, because the deadline of the saga is near. */
async function untilParked(orderId: OrderId): Promise<void> {
  const status = () =>
    column(orderId, `select status as value from notification.notifications where order_id = $1`);
  while (!(await status()).includes('FAILED')) await world.env.sleep('10s');
  const attention = async () => (await world.order(orderId)).attention;
  await expect.poll(attention, { timeout: 60_000 }).toEqual(['NOTIFICATION_FAILED']);
}

test('a saga with every delivery twice, a parked notification and a retry: the stream tells all of it, live', async () => {
  world.deliver = (next) => async (subscriber, event) => {
    await next(subscriber, event);
    await next(subscriber, event);
  };
  const accept = world.sendMail;
  world.sendMail = refuse;
  const stream = await open('/events');
  const orderId = await world.place(placementOf('alice', 'mouse'));
  await untilParked(orderId);
  world.sendMail = accept;
  await world
    .handle('notification', orderId)
    .executeUpdate(RETRY_NOTIFICATION, { args: [{ operator: 'Kim' }] });
  for (const service of services) await world.finished(service, orderId);
  const story = await readMessages(world.db.pools.observer, { orderId });
  // A second delivery may still be dropped after that.
  for (const client of [stream, await open(`/orders/${orderId}/events`)])
    await expect.poll(() => client.messages.slice(0, story.length), { timeout: 60_000 }).toEqual(story);

  const told = (kind: string, field: string) =>
    story.filter((message) => message.kind === kind).map(({ data }) => data[field]);
  expect(story[0]?.kind).toBe('placed');
  expect(told('status', 'status')).toEqual(
    await column(
      orderId,
      `select status as value from orders.status_history where order_id = $1 order by position`,
    ),
  );
  const events = await column(
    orderId,
    `select event_id as value from journal.events where order_id = $1 order by seq`,
  );
  expect(told('published', 'eventId')).toEqual(events);
  expect(told('delivered', 'eventId').toSorted()).toEqual(events.toSorted());
  for (const eventId of events) {
    const place = (kind: string) =>
      story.findIndex((message) => message.kind === kind && message.data['eventId'] === eventId);
    expect(place('delivered')).toBeGreaterThan(place('published'));
  }
  expect(told('notification', 'status')).toEqual(['SENDING', 'FAILED', 'SENDING', 'SENT']);
  const refused = [null, 'REFUSED'];
  expect(told('attempt', 'fate')).toEqual([...refused, ...refused, ...refused, ...refused, null, 'ACCEPTED']);
  expect(told('attention', 'clearedAt')).toEqual([null, expect.any(String)]);
  expect(told('operator', 'operator')).toEqual(['Kim']);
  expect(new Set(told('dropped', 'why'))).toContain('REPEAT');
});
