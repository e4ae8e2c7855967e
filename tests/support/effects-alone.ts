import { randomUUID } from 'node:crypto';
import { createNotificationEffects, type Notification } from '../../activities/notification.js';
import { createOrderEffects } from '../../activities/order.js';
import { createPublish } from '../../core/activity/outbox.js';
import { outboxOf } from '../../core/postgres/journal.js';
import type { EffectResult, EffectContext } from '../../core/activity/effect.js';
import { notificationStore } from '../../db/notification/notifications.js';
import { orderStore } from '../../db/order/orders.js';
import { placeOrder } from '../../db/order/place-order.js';
import type { SagaEvent } from '../../schemas/event.js';
import type { EpochMillis } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Placement } from '../../schemas/placement.js';
import type { Service } from '../../schemas/services.js';
import { choreography } from '../../schemas/catalogue.js';
import { applyEvent } from './apply-event.js';
import { forEachService, type TestDatabase } from './database.js';
import { createActivitiesOf } from './product-activities.js';

const waits = { payment: 300_000, inventory: 180_000, saga: 600_000 };
const settings = { maxRetries: 3, retryIntervalMs: 60_000 };

/** Takes an order through all its transactions, one after another, each on its service's own role. */
export type RunOrder = (placement: Placement, orderId?: OrderId) => Promise<OrderId>;

/**
 * The services' effects and publish steps without Temporal: the database sees what it sees in a saga, only sooner.
 * `workflowTime` is what the workflows' clocks show.
 */
export function effectsAlone(
  { pools }: Pick<TestDatabase, 'pools'>,
  workflowTime: () => number = Date.now,
): RunOrder {
  const order = createOrderEffects(orderStore(pools.order));
  const notification = createNotificationEffects(
    {
      store: notificationStore(pools.notification),
      findEmail: (customerId) => Promise.resolve(`${customerId}@shop.example`),
      sendMail: () => Promise.resolve(),
      attemptNumber: () => 1,
      scheduledAt: () => 0 as EpochMillis,
      pause: () => Promise.resolve(),
    },
    settings,
  );

  const mail = { smtpUrl: 'smtp://unused', from: 'shop@shop.example' };
  const config = { waits, notification: settings, mail };
  const deliver = () => Promise.resolve();
  const effects: Readonly<Record<Service, object>> = {
    ...forEachService((service) => createActivitiesOf[service]({ pool: pools[service], deliver, config })),
    order,
    notification,
  };

  async function hear(service: Service, context: EffectContext, event: SagaEvent) {
    const result = await applyEvent(service, effects[service], context, event);
    const row = result.row as Notification;
    if (service !== 'notification' || row.status !== 'SENDING') return result;
    return notification.send(context, { causeId: row.causeId, round: row.round, attemptsBefore: 0 });
  }

  return async (placement, orderId = randomUUID() as OrderId) => {
    const inFlight: { readonly subscriber: Service; readonly event: SagaEvent }[] = [];
    const publish = forEachService((service) =>
      createPublish(choreography, outboxOf(pools[service]), (subscriber, event) => {
        inFlight.push({ subscriber: subscriber as Service, event: event as SagaEvent });
        return Promise.resolve();
      }),
    );
    const publishAll = async (service: Service, { unpublished }: EffectResult<unknown>) => {
      for (const { eventId } of unpublished) await publish[service](eventId);
    };
    const context = (): EffectContext => ({
      sagaId: orderId,
      runId: 'one',
      now: workflowTime() as EpochMillis,
      seen: 1,
      malformed: [],
    });
    await placeOrder(orderStore(pools.order), orderId, placement, waits);
    await publishAll('order', await order.look(context(), null));
    for (let next = inFlight.shift(); next; next = inFlight.shift())
      await publishAll(next.subscriber, await hear(next.subscriber, context(), next.event));
    return orderId;
  };
}
