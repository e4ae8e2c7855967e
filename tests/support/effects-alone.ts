import { randomUUID } from 'node:crypto';
import { createInventoryEffects } from '../../activities/inventory.js';
import { createNotificationEffects } from '../../activities/notification.js';
import type { NotificationEvent } from '../../activities/notification-rules.js';
import { createOrderEffects } from '../../activities/order.js';
import type { OrderEvent } from '../../activities/order-rules.js';
import { createPaymentEffects } from '../../activities/payment.js';
import type { PaymentEvent } from '../../activities/payment-rules.js';
import type { InventoryEvent } from '../../activities/inventory-rules.js';
import { createPublish } from '../../core/activity/outbox.js';
import { outboxOf } from '../../core/postgres/journal.js';
import type { Outcome, StepContext } from '../../core/activity/effect.js';
import { inventoryStore } from '../../db/inventory/reservations.js';
import { notificationStore } from '../../db/notification/notifications.js';
import { orderStore } from '../../db/order/orders.js';
import { paymentStore } from '../../db/payment/payments.js';
import type { SagaEvent } from '../../schemas/event.js';
import type { EpochMillis } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Placement } from '../../schemas/placement.js';
import type { Service } from '../../schemas/services.js';
import { forEachService, type TestDatabase } from './database.js';

const waits = { payment: 300_000, inventory: 180_000, saga: 600_000 };

/** Takes an order through all its transactions, one after another, each on its service's own role. */
export type RunOrder = (placement: Placement, orderId?: OrderId) => Promise<OrderId>;

/** The services' effects and publish steps without Temporal: the database sees what it sees in a saga, only sooner. */
export function effectsAlone({ pools }: Pick<TestDatabase, 'pools'>): RunOrder {
  const order = createOrderEffects(orderStore(pools.order), waits);
  const payment = createPaymentEffects(paymentStore(pools.payment), {
    reservationWait: waits.inventory,
  });
  const inventory = createInventoryEffects(inventoryStore(pools.inventory));
  const notification = createNotificationEffects(
    {
      store: notificationStore(pools.notification),
      findEmail: (customerId) => Promise.resolve(`${customerId}@shop.example`),
      sendMail: () => Promise.resolve(),
      attemptNumber: () => 1,
      clock: () => Date.now() as EpochMillis,
      pause: () => Promise.resolve(),
    },
    { maxRetries: 3, retryIntervalMs: 60_000 },
  );

  async function notify(context: StepContext, event: NotificationEvent) {
    const outcome = await notification.settle(context, event);
    const { row } = outcome;
    if (row.status !== 'SENDING') return outcome;
    return notification.send(context, { causeId: row.causeId, round: row.round, attemptsBefore: 0 });
  }

  const settle: Record<Service, (context: StepContext, event: SagaEvent) => Promise<Outcome<unknown>>> = {
    order: (context, event) => order.settle(context, event as OrderEvent),
    payment: (context, event) => payment.settle(context, event as PaymentEvent),
    inventory: (context, event) => inventory.settle(context, event as InventoryEvent),
    notification: (context, event) => notify(context, event as NotificationEvent),
  };

  return async (placement, orderId = randomUUID() as OrderId) => {
    const inFlight: { readonly subscriber: Service; readonly event: SagaEvent }[] = [];
    const publish = forEachService((service) =>
      createPublish(outboxOf(pools[service]), (subscriber, event) => {
        inFlight.push({ subscriber, event });
        return Promise.resolve();
      }),
    );
    const publishAll = async (service: Service, { unpublished }: Outcome<unknown>) => {
      for (const { eventId } of unpublished) await publish[service](eventId);
    };
    const context = (): StepContext => ({
      orderId,
      runId: 'one',
      now: Date.now() as EpochMillis,
      drops: [],
      strays: [],
      refusedBefore: 0,
    });
    await publishAll('order', await order.place(context(), { key: `${orderId}:placement`, placement }));
    for (let next = inFlight.shift(); next; next = inFlight.shift())
      await publishAll(next.subscriber, await settle[next.subscriber](context(), next.event));
    return orderId;
  };
}
