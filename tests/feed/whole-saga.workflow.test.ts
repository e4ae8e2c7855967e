import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../platform/logger.js';
import type { OrderId } from '../../schemas/ids.js';
import { RETRY_NOTIFICATION, services } from '../../schemas/services.js';
import { serve } from '../support/api.js';
import { readMessages, type Received } from '../support/feed.js';
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
afterAll(async () => {
  await close();
  await world.close();
});

const refuse: World['sendMail'] = () =>
  Promise.reject(Object.assign(new Error('mailbox unavailable'), { responseCode: 550 }));

/** Waits for a message, and lets time skip meanwhile. */
async function until(stream: StreamClient, kind: string, data: Received['data']): Promise<void> {
  for (let step = 0; step < 60; step++) {
    const isThere = stream.messages.some(
      (message) =>
        message.kind === kind && Object.entries(data).every(([name, value]) => message.data[name] === value),
    );
    if (isThere) return;
    await world.env.sleep('10s');
  }
  throw new Error(`no message ${kind} ${JSON.stringify(data)}`);
}

/** One column of the order's rows, in their order. */
async function column(orderId: OrderId, query: string): Promise<readonly unknown[]> {
  const { rows } = await world.db.owner.query<{ value: unknown }>(query, [orderId]);
  return rows.map(({ value }) => value);
}

test('a saga with every delivery twice, a parked notification and a retry: the stream tells all of it, live', async () => {
  world.deliver = (next) => async (subscriber, event) => {
    await next(subscriber, event);
    await next(subscriber, event);
  };
  const accept = world.sendMail;
  world.sendMail = refuse;
  const stream = await (await StreamClient.open(`${url}/events`)).begun();
  const orderId = await world.place(placementOf('alice', 'mouse'));
  await until(stream, 'notification', { status: 'FAILED' });
  await until(stream, 'attention', { code: 'NOTIFICATION_FAILED', clearedAt: null });
  world.sendMail = accept;
  await world
    .handle('notification', orderId)
    .executeUpdate(RETRY_NOTIFICATION, { args: [{ operator: 'Kim' }] });
  for (const service of services) await world.finished(service, orderId);
  await until(stream, 'status', { status: 'COMPLETED' });

  const story = await readMessages(world.db.pools.observer, { orderId });
  await stream.got(story.length);
  expect(stream.messages).toEqual(story);
  const ofOrder = await StreamClient.open(`${url}/orders/${orderId}/events`);
  expect(await ofOrder.got(story.length)).toEqual(story);
  for (const client of [stream, ofOrder]) client.close();

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
