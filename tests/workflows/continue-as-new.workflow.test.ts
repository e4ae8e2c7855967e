import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SagaEvent } from '../../schemas/event.js';
import type { OrderId } from '../../schemas/ids.js';
import { RETRY_NOTIFICATION, type Service } from '../../schemas/services.js';
import { workflowIdOf } from '../../core/choreography.js';
import { startDeafParticipants, until, type DeafParticipants } from '../decisions/deaf-participants.js';
import { createScene, type Scene } from '../decisions/scene.js';
import { standard } from '../support/saga-world.js';

const JUNK = 130;

let participants: DeafParticipants;
beforeAll(async () => {
  const notification = { maxRetries: 3, retryIntervalMs: 10 };
  participants = await startDeafParticipants({ settings: { ...standard, notification } });
});
afterAll(() => participants.close());

const newScene = () => createScene(participants.db, Date.now());

/** Makes the history long: from 100 events on, the test server suggests that another run goes on. */
async function flood(service: Service, orderId: OrderId): Promise<void> {
  for (let number = 0; number < JUNK; number++) {
    const junk = { type: 'Junk', payload: { number } } as unknown as SagaEvent;
    await participants.signal(service, orderId, junk);
  }
}

async function say(service: Service, scene: Scene, type: Parameters<Scene['publish']>[0]): Promise<void> {
  await participants.signal(service, scene.orderId, await scene.publish(type));
}

const quarantinedJunk = async (orderId: OrderId): Promise<number> => {
  const { rows } = await participants.db.owner.query<{ seen: string }>(
    `select coalesce(sum(seen), 0) as seen from journal.quarantine where order_id = $1 and reason = 'UNKNOWN_EVENT'`,
    [orderId],
  );
  return Number(rows[0]?.seen);
};

const isIn =
  (table: string, { orderId }: Scene, status: string) =>
  async () => {
    const { rowCount } = await participants.db.owner.query(
      `select from ${table} where order_id = $1 and status = $2`,
      [orderId, status],
    );
    return rowCount === 1;
  };

const hasPublished =
  ({ orderId }: Scene) =>
  async () => {
    const { rowCount } = await participants.db.owner.query(
      'select from journal.events where order_id = $1 and delivered_at is not null',
      [orderId],
    );
    return rowCount === 1;
  };

/** How many runs the participant has had so far. */
async function runs(service: Service, { orderId }: Scene): Promise<number> {
  const handle = participants.client.workflow.getHandle(workflowIdOf(service, orderId));
  const { runId } = await handle.describe();
  const newest = await participants.client.workflow
    .getHandle(workflowIdOf(service, orderId), runId)
    .fetchHistory();
  const started = newest.events?.[0]?.workflowExecutionStartedEventAttributes;
  return started?.continuedExecutionRunId ? 2 : 1;
}

test('a payment that is flooded while it waits continues as new, waits on, and is confirmed', async () => {
  const scene = newScene();
  await say('payment', scene, 'OrderCreatedEvent');
  await until(isIn('payment.payments', scene, 'CHARGED'));
  await flood('payment', scene.orderId);
  await until(async () => (await runs('payment', scene)) > 1);
  await say('payment', scene, 'InventoryReservedEvent');
  await participants.closed('payment', scene.orderId);
  expect(await isIn('payment.payments', scene, 'CONFIRMED')()).toBe(true);
  expect(await quarantinedJunk(scene.orderId)).toBe(JUNK);
});

test('an order that is flooded continues as new, and goes on', async () => {
  const scene = newScene();
  await participants.place(scene.orderId);
  await until(hasPublished(scene));
  await flood('order', scene.orderId);
  await until(async () => (await runs('order', scene)) > 1);
  await say('order', scene, 'PaymentFailedEvent');
  await participants.closed('order', scene.orderId);
  expect(await isIn('orders.orders', scene, 'PAYMENT_FAILED')()).toBe(true);
  expect(await quarantinedJunk(scene.orderId)).toBe(JUNK);
});

test('a parked notification parks again, and an operator is heard', async () => {
  const scene = newScene();
  await say('notification', scene, 'InventoryReservedEvent');
  await until(isIn('notification.notifications', scene, 'FAILED'));
  await flood('notification', scene.orderId);
  await until(async () => (await runs('notification', scene)) > 1);
  const handle = participants.client.workflow.getHandle(workflowIdOf('notification', scene.orderId));
  await handle.executeUpdate(RETRY_NOTIFICATION, { args: [{ operator: 'kim' }] });
  await say('notification', scene, 'PaymentCancelledEvent');
  await participants.closed('notification', scene.orderId);
  expect(await isIn('notification.notifications', scene, 'REVOKED')()).toBe(true);
  expect(await quarantinedJunk(scene.orderId)).toBe(JUNK);
  const { rowCount } = await participants.db.owner.query(
    'select from notification.operator_actions where order_id = $1',
    [scene.orderId],
  );
  expect(rowCount).toBe(1);
});
