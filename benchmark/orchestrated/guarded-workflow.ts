import { proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { EffectContext } from '../../core/activity/effect.js';
import type { EpochMillis } from '../../core/event.js';
import type { SagaEvent } from '../../schemas/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { GuardedSteps } from './guarded-steps.js';
import { mailTries, ONE_TRY, UNTIL_DONE } from './policies.js';

const once = proxyLocalActivities<GuardedSteps>(ONE_TRY);
const ensure = proxyLocalActivities<GuardedSteps>(UNTIL_DONE);

/**
 * The saga as one workflow that keeps the choreography's promises: the steps are the product's own effects, so that every
 * event is checked, journaled and told on the feed, the order's states are written as they happen, and a repeat is dropped.
 */
export async function guarded(orderId: OrderId, retryIntervalMs: number): Promise<void> {
  const created = await ensure.placed(contextOf(orderId));
  const payment = await chargeOnce(created);
  await ensure.told(created);
  if (payment.type === 'PaymentFailedEvent') return end(payment, ensure.markUnpaid);
  const [reservation] = await Promise.all([
    reserveOnce(payment),
    ensure.markPaid(contextOf(orderId), payment),
  ]);
  await ensure.told(payment);
  if (reservation.type === 'InventoryReservationFailedEvent') return refund(reservation);
  const [notification] = await Promise.all([
    notify(reservation, retryIntervalMs),
    ensure.confirm(contextOf(orderId), reservation),
    ensure.markReserved(contextOf(orderId), reservation),
  ]);
  await ensure.told(reservation);
  if (notification.type === 'OrderCompletedNotificationFailedEvent')
    return end(notification, ensure.callForAttention);
  return end(notification, ensure.complete);
}

/** One try. If nobody knows how it ended, it is made void, unless it turns out to have been done. */
const chargeOnce = (created: SagaEvent<'OrderCreatedEvent'>) =>
  once
    .charge(contextOf(created.payload.orderId), created)
    .catch(() => ensure.voidCharge(contextOf(created.payload.orderId), created));

const reserveOnce = (payment: SagaEvent<'PaymentCompletedEvent'>) =>
  once
    .reserve(contextOf(payment.payload.orderId), payment)
    .catch(() => ensure.voidReservation(contextOf(payment.payload.orderId), payment));

/** The compensation: there is no stock, so the customer gets the money back. */
async function refund(failure: SagaEvent<'InventoryReservationFailedEvent'>): Promise<void> {
  const cancelled = await ensure.refund(contextOf(failure.payload.orderId), failure);
  await ensure.told(failure);
  await end(cancelled, ensure.markRefunded);
}

/** Tries to send the mail a few times. */
async function notify(reserved: SagaEvent<'InventoryReservedEvent'>, retryIntervalMs: number) {
  const { orderId, eventId: causeId } = reserved.payload;
  await ensure.prepare(contextOf(orderId), reserved);
  return proxyActivities<GuardedSteps>(mailTries(retryIntervalMs))
    .send(contextOf(orderId), { causeId, round: 1, attemptsBefore: 0 })
    .catch(() => ensure.giveUp(contextOf(orderId), { causeId, round: 1 }));
}

/** The order's last step. */
async function end<Event extends SagaEvent>(
  event: Event,
  step: (context: EffectContext, event: Event) => Promise<void>,
): Promise<void> {
  await step(contextOf(event.payload.orderId), event);
  await ensure.told(event);
}

const contextOf = (sagaId: OrderId): EffectContext => ({
  sagaId,
  runId: workflowInfo().runId,
  now: Date.now() as EpochMillis,
  seen: 1,
  malformed: [],
});
