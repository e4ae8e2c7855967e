import { randomUUID } from 'node:crypto';
import type { EventId } from '../../core/event.js';
import { createPaymentEffects } from '../../activities/payment.js';
import type { PaymentRow } from '../../db/payment/payment-row.js';
import { paymentStore } from '../../db/payment/payments.js';
import { paymentTable } from '../../schemas/decision-tables/payment-table.js';
import type { Json } from '../schemas/examples.js';
import type { Bench, TestedTable } from './bench.js';
import { ordered, type Scene } from './scene.js';

const RESERVATION_WAIT = 180_000;

/** The row has these states and no others. */
paymentTable satisfies Readonly<Record<PaymentRow['status'], unknown>>;

interface PaymentFacts {
  /** What the wallet's ledger says was taken for this order and not given back, in minor units. */
  readonly charged: number;
}

export const testedPayment: TestedTable<typeof paymentTable, PaymentFacts> = {
  service: 'payment',
  table: paymentTable,
  bench: paymentBench,
};

function paymentBench(scene: Scene): Bench<typeof paymentTable, PaymentFacts> {
  const { db, orderId, context } = scene;
  const effects = createPaymentEffects(paymentStore(db.pools.payment), { reservationWait: RESERVATION_WAIT });
  let order: Json = {};
  let delay = 0;
  let wait = RESERVATION_WAIT;
  let charge: 'answers' | 'throws' | 'throws after its commit' = 'answers';

  const place = async () => {
    const event = await scene.publish('OrderCreatedEvent', order);
    scene.pass(delay);
    if (charge !== 'throws') await effects.charge(context(), event);
    if (charge !== 'answers') await effects.void(context(), event);
  };
  const confirm = async () => effects.confirm(context(), await scene.publish('InventoryReservedEvent'));
  const refund = (type: 'OrderCancelledEvent' | 'InventoryReservationFailedEvent') => async () =>
    effects.refund(context(), await scene.publish(type));
  const reservationFails = refund('InventoryReservationFailedEvent');

  return {
    given: {
      'the wallet holds the amount': () => undefined,
      'the wallet holds less': () => (order = { customerId: 'bob' }),
      'there is no wallet': () => (order = { customerId: 'nobody' }),
      'the wallet is in another currency': () => (order = { customerId: 'erika' }),
      '`answerBy` is too near (R6)': () => (delay = 295_001),
      'the charge threw and is not there': () => (charge = 'throws'),
      'the charge threw but had committed (R8)': () => (charge = 'throws after its commit'),
      '`answerBy` has come': () => undefined,
      '`answerBy` has not come': () => (wait = RESERVATION_WAIT - 1),
    },
    arrive: {
      NOTHING: () => Promise.resolve(),
      DECLINED: async () => {
        order = { customerId: 'bob' };
        await place();
      },
      VOID: refund('OrderCancelledEvent'),
      CHARGED: place,
      CONFIRMED: async () => {
        await place();
        await confirm();
      },
      REFUNDED: async () => {
        await place();
        await reservationFails();
      },
    },
    apply: {
      OrderCreatedEvent: place,
      OrderCancelledEvent: refund('OrderCancelledEvent'),
      InventoryReservedEvent: confirm,
      InventoryReservationFailedEvent: reservationFails,
      'reservation wait over': () => {
        scene.pass(wait);
        return effects.refund(context(), {
          type: 'TIMEOUT',
          wait: 'reservation',
          causeId: randomUUID() as EventId,
        });
      },
    },
    look: () => effects.look(context(), null),
    facts: async () => {
      const { rows } = await db.owner.query<{ charged: string }>(
        `select coalesce(-sum(amount), 0) as charged from payment.wallet_ledger where order_id = $1`,
        [orderId],
      );
      return { charged: Number(rows[0]?.charged) };
    },
    expected: (_, __, state) => ({
      charged: state === 'CHARGED' || state === 'CONFIRMED' ? ordered.total.amount : 0,
    }),
  };
}
