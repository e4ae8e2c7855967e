import type { OrderRow } from '../db/order/order-row.js';
import type { OrderStore } from '../db/order/order-store.js';
import type { EpochMillis, EventId } from '../schemas/ids.js';
import type { OrderStatus } from '../schemas/order-status.js';
import type { Placement } from '../schemas/placement.js';
import { createConsumer } from './consume.js';
import {
  decideOrder,
  giveUpOnOrder,
  placeOrder,
  type OrderEvent,
  type OrderWait,
  type OrderWaits,
} from './order-rules.js';
import type { Effect, PublishActivity } from './step.js';

/** What the order participant sees of its row. */
export type Order = { readonly status: 'NOTHING' } | StoredOrder;

export interface StoredOrder {
  readonly status: OrderStatus;
  readonly waitCauseId: EventId;
  readonly paymentDue: EpochMillis;
  readonly sagaDue: EpochMillis;
  /** The saga deadline has passed and was put on record; nothing is left to wait for but the notification. */
  readonly overdue: boolean;
}

// A type, not an interface: only a type has the index signature that a map of effects needs.
export type OrderEffects = {
  /** Stores the order as PENDING_PAYMENT. */
  place: Effect<{ readonly key: string; readonly placement: Placement }, Order>;
  /** Applies an event: the state it implies, and all that it proves (R10). */
  settle: Effect<OrderEvent, Order>;
  /** A wait is over: cancels the order, unless it is paid and reserved. */
  giveUp: Effect<{ readonly key: string; readonly wait: OrderWait }, Order>;
  look: Effect<null, Order>;
};

export type OrderActivities = OrderEffects & { publish: PublishActivity };

export function createOrderEffects(store: OrderStore, waits: OrderWaits): OrderEffects {
  const consumer = createConsumer<OrderRow, Order, never, never>(store, {
    view: viewOrder,
    conclude: (_, act) => act,
  });
  return {
    place: (context, { key, placement }) =>
      consumer.apply(context, {
        key,
        decide: (row) => placeOrder(row, context.orderId, placement, context.now, waits),
      }),
    settle: (context, received) =>
      consumer.consume(context, received, (row, event) => decideOrder(row, event, context.now)),
    giveUp: (context, { key, wait }) =>
      consumer.apply(context, { key, decide: (row) => giveUpOnOrder(row, wait, context.now) }),
    look: (context) => consumer.look(context),
  };
}

function viewOrder(row: OrderRow = { status: 'NOTHING' }): Order {
  if (row.status === 'NOTHING') return row;
  const { status, waitCauseId, paymentDue, sagaDue, attention } = row;
  const overdue = attention.some(({ code }) => code === 'NOTIFICATION_OVERDUE');
  return { status, waitCauseId, paymentDue, sagaDue, overdue };
}
