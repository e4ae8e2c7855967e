import { createInventoryEffects } from '../activities/inventory.js';
import { createNotificationEffects, type SendInput } from '../activities/notification.js';
import { createOrderEffects } from '../activities/order.js';
import { createPaymentEffects } from '../activities/payment.js';
import { createPublish, type Deliver } from '../core/activity/outbox.js';
import type { EpochMillis } from '../core/event.js';
import type { Service } from '../schemas/services.js';
import type { Fate } from '../core/simulation/database.js';
import { choreography } from '../schemas/catalogue.js';
import type { ShopDatabase } from './database.js';
import type { AttemptKey } from './invariants.js';
import { mailFaults, type MailFault } from './mail-faults.js';
import { transactionFaults } from '../core/simulation/faults.js';
import type { Activities, Execution } from '../core/simulation/worker.js';

export interface Waits {
  readonly payment: number;
  readonly inventory: number;
  readonly saga: number;
}

/** What the activities of a world are built from; all durations in ms. */
export interface Ports {
  readonly database: ShopDatabase;
  readonly waits: Waits;
  readonly hasContact: () => boolean;
  /** Hands an attempt's mail to the mail server, for which this fault is foreseen. Rejects as nodemailer would. */
  readonly sendMail: (attempt: AttemptKey, fault: MailFault | undefined) => Promise<void>;
  readonly deliver: (execution: Execution) => Deliver;
  readonly now: () => EpochMillis;
}

/** The real effects and the real publish step; what they stand on is simulated, and fails as the world wants. */
export function activitiesIn(world: Ports): Readonly<Record<Service, Activities>> {
  const { database, waits } = world;
  const publish = (execution: Execution) =>
    createPublish(
      choreography,
      {
        find: (eventId) => Promise.resolve(database.find(eventId)),
        markDelivered: async (eventId, subscribers) => {
          const fate = await fateOf(execution, 'marks the event delivered')();
          if (fate === 'FAILS') throw new Error('rolled back');
          database.markDelivered(eventId, subscribers);
          if (fate === 'ANSWER_LOST') throw new Error('committed, but the answer was lost');
        },
      },
      world.deliver(execution),
    );
  const notify = (execution: Execution, fate: Fate, input: unknown) =>
    createNotificationEffects(
      {
        store: database.notification(fate),
        findEmail: () => Promise.resolve(world.hasContact() ? 'alice@shop.example' : undefined),
        sendMail: async () => {
          const fault = await execution.turn('hands the mail over', mailFaults);
          if (fault === 'HANGS') await execution.hang();
          const { round, attemptsBefore } = input as SendInput;
          await world.sendMail({ round, number: attemptsBefore + execution.attempt }, fault);
        },
        attemptNumber: () => execution.attempt,
        clock: world.now,
        pause: () => execution.turn('waits a second').then(() => undefined),
      },
      { maxRetries: 3, retryIntervalMs: 60_000 },
    );
  const effectsOf = {
    order: (_: Execution, fate: Fate) => createOrderEffects(database.order(fate), waits),
    payment: (_: Execution, fate: Fate) =>
      createPaymentEffects(database.payment(fate), { reservationWait: waits.inventory }),
    inventory: (_: Execution, fate: Fate) => createInventoryEffects(database.inventory(fate)),
    notification: notify,
  };
  const run =
    (service: Service): Activities =>
    (name, args, execution) => {
      const effects = effectsOf[service](execution, fateOf(execution, name), args[1]);
      const activity = { ...effects, publish: publish(execution) }[name as keyof typeof effects | 'publish'];
      return (activity as (...args: readonly unknown[]) => Promise<unknown>)(...args);
    };
  return {
    order: run('order'),
    payment: run('payment'),
    inventory: run('inventory'),
    notification: run('notification'),
  };
}

/** Before each transaction the execution takes its turn, and may hang until nobody waits for it any more. */
function fateOf(execution: Execution, what: string): Fate {
  return async () => {
    const fault = await execution.turn(`is about to commit: ${what}`, transactionFaults);
    if (fault === 'HANGS') await execution.hang();
    return fault === undefined || fault === 'HANGS' ? 'COMMITS' : fault;
  };
}
