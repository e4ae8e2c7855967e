import { decideInventory } from '../activities/inventory-rules.js';
import { createInventoryEffects } from '../activities/inventory.js';
import { decideNotification } from '../activities/notification-rules.js';
import { createNotificationEffects, type SendInput } from '../activities/notification.js';
import { decideOrder } from '../activities/order-rules.js';
import { createOrderEffects } from '../activities/order.js';
import { decidePayment } from '../activities/payment-rules.js';
import { createPaymentEffects } from '../activities/payment.js';
import type { Decision } from '../core/activity/decision.js';
import type { Store } from '../core/activity/store.js';
import type { EmittedEvent, EpochMillis } from '../core/event.js';
import type { Fate } from '../core/simulation/database.js';
import type { Execution } from '../core/simulation/worker.js';
import { dueAt as notificationDueAt, type NotificationRow } from '../db/notification/notification-row.js';
import { dueAt as orderDueAt } from '../db/order/order-row.js';
import { dueAt as paymentDueAt } from '../db/payment/payment-row.js';
import type { Service } from '../schemas/services.js';
import { mailFaults } from './mail-faults.js';
import type { Ports, Waits } from './ports.js';

/** One run of an effect: the world around it, what becomes of its transactions, and its input. */
export interface EffectRun {
  readonly world: Ports;
  readonly fate: Fate;
  readonly execution: Execution;
  readonly input: unknown;
}

/** What the simulation has to know of a service beside its participant. */
export interface SimulatedService {
  /** Its real effects, on simulated tables. */
  readonly effects: (run: EffectRun) => object;
  /** Its decision table: pure, and so asked again at rest. */
  readonly decide: (row: never, input: never, now: EpochMillis) => Decision<unknown, EmittedEvent, unknown>;
  /** The waits of the table that end by themselves. */
  readonly waits?: readonly string[];
  /** When the wait that the row is in ends, in ms since 1970; null where it waits for nothing. */
  readonly dueAt?: (row: never) => number | null;
  /** Whether the row waits for an operator. */
  readonly isParked?: (row: never) => boolean;
  /** The effect that is never retried (the product owner's text). */
  readonly triedOnce?: string;
  /** How long it waits for the answer to an event of its own, in ms. */
  readonly answerWithin?: (waits: Waits) => number;
}

/** A service that keeps a row and asks for nothing else. */
export const withRowOnly = <Row>(
  service: Service,
  createEffects: (store: Store<Row>) => object,
  decide: SimulatedService['decide'],
): SimulatedService => ({
  effects: ({ world, fate }) => createEffects(world.database.store<Row>(service, fate)),
  decide,
});

export const simulatedServices = {
  order: {
    effects: ({ world, fate }) => createOrderEffects(world.database.order(fate)),
    decide: decideOrder,
    waits: ['payment', 'saga'],
    dueAt: orderDueAt,
    answerWithin: ({ payment, saga }) => Math.min(payment, saga),
  },
  payment: {
    effects: ({ world, fate }) =>
      createPaymentEffects(world.database.payment(fate), { reservationWait: world.waits.inventory }),
    decide: (row, input, now) => decidePayment(row, input, { now, reservationWait: 0 }),
    waits: ['reservation'],
    dueAt: paymentDueAt,
    triedOnce: 'charge',
    answerWithin: ({ inventory }) => inventory,
  },
  inventory: {
    effects: ({ world, fate }) => createInventoryEffects(world.database.inventory(fate)),
    decide: decideInventory,
    triedOnce: 'reserve',
  },
  notification: { effects: notify, decide: decideNotification, dueAt: notificationDueAt, isParked },
} satisfies Record<Service, SimulatedService>;

function isParked({ status }: NotificationRow): boolean {
  return status === 'FAILED';
}

function notify({ world, fate, execution, input }: EffectRun): object {
  return createNotificationEffects(
    {
      store: world.database.notification(fate),
      findEmail: (customerId) =>
        Promise.resolve(world.hasContact() ? `${customerId}@shop.example` : undefined),
      sendMail: async (mail) => {
        const fault = await execution.turn('hands the mail over', mailFaults);
        if (fault === 'HANGS') await execution.hang();
        const { round, attemptsBefore } = input as SendInput;
        await world.sendMail({ round, number: attemptsBefore + execution.attempt }, mail, fault);
      },
      attemptNumber: () => execution.attempt,
      scheduledAt: world.now,
      pause: () => execution.turn('waits a second').then(() => undefined),
    },
    { maxRetries: 3, retryIntervalMs: 60_000 },
  );
}
