import { randomUUID } from 'node:crypto';
import { createOrderEffects } from '../../activities/order.js';
import type { OrderWait } from '../../activities/order-rules.js';
import type { OrderRow } from '../../db/order/order-row.js';
import { millis } from '../../db/epoch-millis.js';
import { orderStore } from '../../db/order/orders.js';
import { eventOf, NO_CHANGE, THE_SAME } from '../../schemas/decision-tables/cell.js';
import { orderTable } from '../../schemas/decision-tables/order-table.js';
import type { EventId } from '../../core/event.js';
import type { EventTypeFor } from '../../schemas/catalogue.js';
import { applyEvent } from '../support/apply-event.js';
import type { Json } from '../schemas/examples.js';
import { placeAt } from '../support/place.js';
import { placementOf } from '../support/saga-world.js';
import { reasonOf, type Bench, type TestedTable } from './bench.js';
import type { Scene } from './scene.js';

/** The row has these states and no others. */
orderTable satisfies Readonly<Record<OrderRow['status'], unknown>>;

export const testedOrder: TestedTable<typeof orderTable, OrderFacts> = {
  service: 'order',
  table: orderTable,
  bench: orderBench,
};

interface OrderFacts {
  readonly history: readonly { readonly status: string; readonly eventId: string | null }[];
  readonly reason: string | null;
  /** When its event happened, in epoch milliseconds. */
  readonly toldAt: number | null;
  readonly refundedAt: number | null;
  readonly attention: readonly string[];
}

function orderBench(scene: Scene, input: string): Bench<typeof orderTable, OrderFacts> {
  const { db, context } = scene;
  const waits = { payment: 300_000, saga: 600_000 };
  const effects = createOrderEffects(orderStore(db.pools.order));
  let elapsed: Readonly<Record<OrderWait, number>> | undefined;
  let afterwards: () => Promise<unknown> = () => Promise.resolve();

  const hear =
    (type: EventTypeFor<'order'>, data: Json = {}) =>
    async () =>
      applyEvent('order', effects, context(), await scene.publish(type, data));
  const place = () =>
    placeAt(db.pools.order, scene.orderId, placementOf('alice', 'mouse'), { now: context().now, waits });
  const told = hear('OrderCompletedNotificationSentEvent', { uncertain: false });
  const perhapsTold = hear('OrderCompletedNotificationSentEvent', { uncertain: true });
  const waitIsOver = (wait: OrderWait) => () => {
    scene.pass((elapsed ?? waits)[wait]);
    return effects.cancel(context(), { type: 'TIMEOUT', wait, causeId: randomUUID() as EventId });
  };
  const inTurn =
    (...steps: readonly (() => Promise<unknown>)[]) =>
    async () => {
      for (const step of steps) await step();
      await afterwards();
    };

  return {
    given: {
      'nobody was told': () => undefined,
      'an uncertain notification was recorded': () => (afterwards = perhapsTold),
      'the notification had failed': () => (afterwards = hear('OrderCompletedNotificationFailedEvent')),
      'the refund is not recorded': () => undefined,
      'the refund is recorded': () => (afterwards = hear('PaymentCancelledEvent')),
      'the time has come': () => undefined,
      'the time has not come': () => (elapsed = { payment: waits.payment - 1, saga: waits.saga - 1 }),
      'the saga has no more time than this wait': () => (waits.saga = waits.payment),
    },
    arrive: {
      NOTHING: () => Promise.resolve(),
      PENDING_PAYMENT: inTurn(place),
      PAYMENT_COMPLETED: inTurn(place, hear('PaymentCompletedEvent')),
      INVENTORY_RESERVED: inTurn(place, hear('InventoryReservedEvent')),
      COMPLETED: inTurn(place, hear('InventoryReservedEvent'), told),
      PAYMENT_FAILED: inTurn(place, hear('PaymentFailedEvent')),
      OUT_OF_STOCK: inTurn(place, hear('PaymentCompletedEvent'), waitIsOver('saga')),
    },
    apply: {
      PaymentCompletedEvent: hear('PaymentCompletedEvent'),
      PaymentFailedEvent: hear('PaymentFailedEvent'),
      InventoryReservedEvent: hear('InventoryReservedEvent'),
      PaymentCancelledEvent: hear('PaymentCancelledEvent'),
      OrderCompletedNotificationSentEvent: told,
      'uncertain OrderCompletedNotificationSentEvent': perhapsTold,
      OrderCompletedNotificationFailedEvent: hear('OrderCompletedNotificationFailedEvent'),
      'payment wait over': waitIsOver('payment'),
      'saga deadline over': waitIsOver('saga'),
    },
    look: () => effects.look(context(), null),
    facts: () => factsOf(scene),
    expected: (before, way) => {
      const entered = way.then === NO_CHANGE ? [] : [...(way.through ?? []), way.then];
      const occurredAt = scene.last()?.payload.occurredAt ?? null;
      const eventId = eventOf(input) ? (scene.last()?.payload.eventId ?? null) : null;
      return {
        history: [...before.history, ...entered.map((status) => ({ status, eventId }))],
        reason: (way.reason === THE_SAME ? reasonOf(scene) : way.reason) ?? before.reason,
        toldAt: before.toldAt ?? (way.records?.includes('told') ? occurredAt : null),
        refundedAt: before.refundedAt ?? (way.records?.includes('refunded') ? occurredAt : null),
        attention: [...before.attention, ...(way.raises ? [way.raises] : [])].filter(
          (code) => code !== way.clears,
        ),
      };
    },
  };
}

async function factsOf({ db, orderId }: Scene): Promise<OrderFacts> {
  const { rows } = await db.owner.query<OrderFacts>(
    `select reason, ${millis('told_at')} as "toldAt", ${millis('refunded_at')} as "refundedAt",
       array(select json_build_object('status', status, 'eventId', event_id)
             from orders.status_history h where h.order_id = o.order_id order by position) as history,
       array(select code from orders.attention a
             where a.order_id = o.order_id and cleared_at is null order by since) as attention
     from orders.orders o where order_id = $1`,
    [orderId],
  );
  return rows[0] ?? { history: [], reason: null, toldAt: null, refundedAt: null, attention: [] };
}
