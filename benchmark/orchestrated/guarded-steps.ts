import type { InventoryEffects } from '../../activities/inventory.js';
import type { NotificationEffects, SendInput } from '../../activities/notification.js';
import type { OrderEffects } from '../../activities/order.js';
import type { PaymentEffects } from '../../activities/payment.js';
import type { Effect, EffectContext } from '../../core/activity/effect.js';
import { createPublish } from '../../core/activity/outbox.js';
import { findEvent, outboxOf } from '../../core/postgres/journal.js';
import type { Pool } from '../../core/postgres/pool.js';
import { catalogue, choreography, type EventType } from '../../schemas/catalogue.js';
import type { SagaEvent } from '../../schemas/event.js';
import type { Service } from '../../schemas/services.js';

/** A step that emits an event, and returns it. */
type Emitting<Input, Type extends EventType> = (
  context: EffectContext,
  input: Input,
) => Promise<SagaEvent<Type>>;

/** A step that emits nothing. */
type Silent<Type extends EventType> = (context: EffectContext, event: SagaEvent<Type>) => Promise<void>;

/** The product's effects, each as a step of one workflow. */
export interface GuardedSteps {
  /** The event that was stored with the order. */
  placed(context: EffectContext): Promise<SagaEvent<'OrderCreatedEvent'>>;
  charge: Emitting<SagaEvent<'OrderCreatedEvent'>, 'PaymentCompletedEvent' | 'PaymentFailedEvent'>;
  voidCharge: GuardedSteps['charge'];
  confirm: Silent<'InventoryReservedEvent'>;
  refund: Emitting<SagaEvent<'InventoryReservationFailedEvent'>, 'PaymentCancelledEvent'>;
  reserve: Emitting<
    SagaEvent<'PaymentCompletedEvent'>,
    'InventoryReservedEvent' | 'InventoryReservationFailedEvent'
  >;
  voidReservation: GuardedSteps['reserve'];
  prepare: Silent<'InventoryReservedEvent'>;
  send: Emitting<SendInput, 'OrderCompletedNotificationSentEvent'>;
  giveUp: Emitting<Pick<SendInput, 'causeId' | 'round'>, 'OrderCompletedNotificationFailedEvent'>;
  markPaid: Silent<'PaymentCompletedEvent'>;
  markUnpaid: Silent<'PaymentFailedEvent'>;
  markReserved: Silent<'InventoryReservedEvent'>;
  markRefunded: Silent<'PaymentCancelledEvent'>;
  complete: Silent<'OrderCompletedNotificationSentEvent'>;
  callForAttention: Silent<'OrderCompletedNotificationFailedEvent'>;
  /** Marks an event in the journal: all that react to it have done so. */
  told(event: SagaEvent): Promise<void>;
}

export interface Effects {
  readonly order: OrderEffects;
  readonly payment: PaymentEffects;
  readonly inventory: InventoryEffects;
  readonly notification: NotificationEffects;
}

type Pools = Readonly<Record<Service, Pool>>;

export function createGuardedSteps(effects: Effects, pools: Pools): GuardedSteps {
  const { order, payment, inventory, notification } = effects;
  return {
    placed: (context) => emitting(pools.order, order.look)(context, null) as never,
    charge: emitting(pools.payment, payment.charge),
    voidCharge: emitting(pools.payment, payment.void),
    confirm: silent(payment.confirm),
    refund: emitting(pools.payment, payment.refund),
    reserve: emitting(pools.inventory, inventory.reserve),
    voidReservation: emitting(pools.inventory, inventory.void),
    prepare: silent(notification.prepare),
    send: emitting(pools.notification, notification.send),
    giveUp: emitting(pools.notification, notification.giveUp),
    markPaid: silent(order.markPaid),
    markUnpaid: silent(order.markUnpaid),
    markReserved: silent(order.markReserved),
    markRefunded: silent(order.markRefunded),
    complete: silent(order.complete),
    callForAttention: silent(order.callForAttention),
    told: ({ type, payload }) => markDelivered(pools[catalogue[type].publisher])(payload.eventId),
  };
}

/**
 * Runs an effect and returns its service's newest event that is not yet marked: what this effect has emitted, also if an
 * earlier try of it was not heard.
 */
const emitting =
  <Input, Event extends SagaEvent>(pool: Pool, effect: Effect<Input, unknown>) =>
  async (context: EffectContext, input: Input): Promise<Event> => {
    const { unpublished } = await effect(context, input);
    const newest = unpublished.at(-1);
    const journaled = newest && (await findEvent(pool, newest.eventId));
    if (!journaled) throw new Error(`the effect has emitted nothing for ${context.sagaId}`);
    return journaled.event as Event;
  };

const silent =
  <Input>(effect: Effect<Input, unknown>) =>
  async (context: EffectContext, input: Input): Promise<void> => {
    await effect(context, input);
  };

/** There is nobody to signal: the workflow itself has carried the event to all that react to it. */
const markDelivered = (pool: Pool) => createPublish(choreography, outboxOf(pool), () => Promise.resolve());
