import type { PaymentRow } from '../db/payment/payment-row.js';
import type { PaymentStore } from '../db/payment/payment-store.js';
import type { SagaEvent } from '../schemas/event.js';
import type { EpochMillis, EventId } from '../schemas/ids.js';
import { createConsumer } from './consume.js';
import {
  concludePayment,
  decidePayment,
  giveUpOnReservation,
  voidCharge,
  type PaymentEvent,
} from './payment-rules.js';
import type { Effect, PublishActivity } from './step.js';

/** What the payment participant sees of its row. */
export type Payment =
  | { readonly status: 'NOTHING' | 'DECLINED' | 'VOID' | 'SETTLED' | 'REFUNDED' }
  | { readonly status: 'CHARGED'; readonly answerBy: EpochMillis; readonly waitCauseId: EventId };

// A type, not an interface: only a type has the index signature that a map of effects needs.
export type PaymentEffects = {
  /** Debits the wallet, once: it is never retried (the product owner's text). */
  charge: Effect<SagaEvent<'OrderCreatedEvent'>, Payment>;
  /** Makes a charge of unknown outcome undone, unless it had been committed after all (R8). */
  voidCharge: Effect<SagaEvent<'OrderCreatedEvent'>, Payment>;
  /** Applies any other event. */
  settle: Effect<PaymentEvent, Payment>;
  /** Refunds what is still waiting for its reservation. */
  giveUpOnReservation: Effect<{ readonly key: string }, Payment>;
  look: Effect<null, Payment>;
};

export type PaymentActivities = PaymentEffects & { publish: PublishActivity };

export interface PaymentSettings {
  /** How long Payment waits for the reservation, in ms. */
  readonly reservationWait: number;
}

export function createPaymentEffects(
  store: PaymentStore,
  { reservationWait }: PaymentSettings,
): PaymentEffects {
  const consumer = createConsumer(store, { view: viewPayment, conclude: concludePayment });
  const settle: PaymentEffects['settle'] = (context, received) =>
    consumer.consume(context, received, (row, event) =>
      decidePayment(row, event, { now: context.now, reservationWait }),
    );
  return {
    charge: settle,
    voidCharge: (context, received) => consumer.consume(context, received, voidCharge),
    settle,
    giveUpOnReservation: (context, { key }) =>
      consumer.apply(context, { key, decide: (row) => giveUpOnReservation(row, context.now) }),
    look: (context) => consumer.look(context),
  };
}

function viewPayment(row: PaymentRow = { status: 'NOTHING' }): Payment {
  if (row.status !== 'CHARGED') return { status: row.status };
  const { answerBy, waitCauseId } = row.charge;
  return { status: row.status, answerBy, waitCauseId };
}
