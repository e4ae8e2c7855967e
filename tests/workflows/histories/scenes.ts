import { catalogue, type EventType } from '../../../schemas/catalogue.js';
import type { OrderId } from '../../../schemas/ids.js';
import { services, type Service } from '../../../schemas/services.js';
import { createScene, type Scene as Order } from '../../decisions/scene.js';
import { placementOf, standard } from '../../support/saga-world.js';
import { until } from '../../support/until.js';
import type { Stage } from './stage.js';

/** One scene: what happens to an order, up to where its histories are taken. */
export interface Scene {
  /** The first part of its files' names. */
  readonly name: string;
  readonly settings?: keyof typeof settings;
  readonly play: (act: Act) => Promise<void>;
}

/** Durations are in no command that a replay compares, so scenes need not take minutes. */
export const settings = {
  patient: { ...standard, notification: { maxRetries: 3, retryIntervalMs: 10 } },
  hurried: {
    waits: { payment: 1_000, inventory: 1_000, saga: 2_000 },
    notification: { maxRetries: 3, retryIntervalMs: 10 },
  },
} as const;

/** One order on a stage. */
export class Act {
  readonly stage: Stage;
  readonly order: Order;
  readonly orderId: OrderId;

  constructor(stage: Stage) {
    this.stage = stage;
    this.order = createScene(stage.db, Date.now());
    this.orderId = this.order.orderId;
  }

  place(placement = placementOf('alice', 'mouse')): Promise<void> {
    return this.stage.place(this.orderId, placement);
  }

  /** Tells a participant of an event that its publisher has journaled. */
  async tell(service: Service, type: EventType): Promise<void> {
    const data = type === 'OrderCompletedNotificationSentEvent' ? { uncertain: false } : {};
    await this.stage.signal(service, this.orderId, await this.order.publish(type, data));
  }

  junk(service: Service, number = 0): Promise<void> {
    return this.stage.signal(service, this.orderId, { type: 'Junk', payload: { number } });
  }

  /** Makes a participant look at its row. */
  wake(service: Service): Promise<void> {
    return this.stage.wake(service, this.orderId);
  }

  /** Waits until the participant's newest run has this timer: the task that started it has ended. */
  async waits(service: Service, waitingFor: string, times = 1): Promise<void> {
    const summary = JSON.stringify(`waiting for ${waitingFor}`);
    await until(async () => {
      const timers = (await this.#newestEvents(service)).filter(
        ({ timerStartedEventAttributes: timer, userMetadata }) =>
          timer && Buffer.from(userMetadata?.summary?.data ?? []).toString() === summary,
      );
      return timers.length >= times;
    });
  }

  /** Waits until everything that was signalled to the participant has been handled. */
  async idle(service: Service): Promise<void> {
    await until(async () => {
      const events = await this.#newestEvents(service);
      const scheduled = events.findLastIndex((event) => event.workflowTaskScheduledEventAttributes);
      return events.slice(scheduled).some((event) => event.workflowTaskCompletedEventAttributes);
    });
  }

  /** Waits until Temporal has been asked not to try the attempt in flight again. */
  async stopped(service: Service): Promise<void> {
    await until(async () =>
      (await this.#newestEvents(service)).some((event) => event.activityTaskCancelRequestedEventAttributes),
    );
  }

  async closed(...participants: readonly Service[]): Promise<void> {
    for (const service of participants) {
      await until(() =>
        Promise.resolve(this.stage.runsOf(this.orderId).some((run) => run.service === service)),
      );
      await this.stage.closed(service, this.orderId);
    }
  }

  /** From 100 events on, the test server suggests to continue as new. */
  async flood(service: Service): Promise<void> {
    const runs = () => this.stage.runsOf(this.orderId).length;
    const before = runs();
    for (let number = 0; number < FLOOD; number++) await this.junk(service, number);
    await until(() => Promise.resolve(runs() > before));
  }

  async parked(round = 1): Promise<void> {
    await until(async () => {
      const { rows } = await this.stage.db.owner.query<{ status: string; round: number }>(
        'select status, round from notification.notifications where order_id = $1',
        [this.orderId],
      );
      return rows[0]?.status === 'FAILED' && rows[0].round === round;
    });
    await this.idle('notification');
  }

  /** The effect throws each time, whether or not it was done. */
  loses(activity: string, { done }: { readonly done: boolean }): void {
    this.stage.overrides.set(activity, (real) => async (...args) => {
      if (done) await real(...args);
      throw new Error('the result was lost');
    });
  }

  /** Makes the participant look at its row while it is in a regular activity, once the local tries are used up. */
  async wakesDuring(service: Service, activity: string, begin: () => Promise<void>): Promise<void> {
    const [begun, mayEnd] = [gate(), gate()];
    let failures = 6;
    this.stage.overrides.set(`${service}.${activity}`, (real) => async (...args) => {
      if (failures-- > 0) throw new Error('not now');
      begun.open();
      await mayEnd.opened;
      return real(...args);
    });
    await begin();
    await begun.opened;
    await this.wake(service);
    await this.idle(service);
    mayEnd.open();
  }

  /** The activity fails so often that the local tries are used up. */
  failsForLong(activity: string): void {
    let failures = 7;
    this.stage.overrides.set(activity, (real) => (...args) => {
      return failures-- > 0 ? Promise.reject(new Error('not now')) : real(...args);
    });
  }

  /** Starts a participant that has not yet begun when all these events are there. */
  async together(service: Service, ...types: readonly EventType[]): Promise<void> {
    const [looks, mayLook] = [gate(), gate()];
    this.stage.overrides.set(`${service}.look`, (real) => async (...args) => {
      looks.open();
      await mayLook.opened;
      return real(...args);
    });
    // Junk starts the run. A task whose signals grew meanwhile runs again from the start, now with all of them.
    await this.junk(service);
    await looks.opened;
    for (const type of types) await this.tell(service, type);
    mayLook.open();
    await this.closed(service);
  }

  async #newestEvents(service: Service) {
    const run = this.stage.runsOf(this.orderId).findLast((one) => one.service === service);
    return (run && (await this.stage.historyOf(this.orderId, run)).events) ?? [];
  }
}

const FLOOD = 105;

/** Opened by one side, and awaited by the other. */
export function gate() {
  let open = () => undefined as void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

const accept = () => Promise.resolve();

/** The steps by which an order comes to wait for the notification. */
async function followToTheNotification(act: Act): Promise<void> {
  await act.place();
  await act.waits('order', 'the payment');
  await act.tell('order', 'PaymentCompletedEvent');
  await act.waits('order', 'the reservation');
  await act.tell('order', 'InventoryReservedEvent');
  await act.waits('order', 'the notification');
}

async function charge(act: Act): Promise<void> {
  await act.tell('payment', 'OrderCreatedEvent');
  await act.waits('payment', 'the reservation');
}

async function park(act: Act): Promise<void> {
  await act.tell('notification', 'InventoryReservedEvent');
  await act.parked();
}

/** An event that the catalogue does not address to the service. */
const unaddressed = (service: Service): EventType =>
  service === catalogue.OrderCreatedEvent.subscribers[0].service
    ? 'PaymentCompletedEvent'
    : 'OrderCreatedEvent';

export const scenes: readonly Scene[] = [
  {
    name: 'completed',
    play: async (act) => {
      act.stage.listen();
      act.stage.sendMail = accept;
      await act.place();
      await act.closed(...services);
    },
  },
  {
    name: 'payment-failed',
    play: async (act) => {
      act.stage.listen();
      await act.place(placementOf('bob', 'mouse'));
      await act.closed('payment', 'order');
    },
  },
  {
    name: 'out-of-stock',
    play: async (act) => {
      act.stage.listen();
      await act.place(placementOf('alice', 'figurine'));
      await act.closed('inventory', 'payment', 'order');
    },
  },
  {
    name: 'followed-step-by-step',
    play: async (act) => {
      await followToTheNotification(act);
      await act.tell('order', 'OrderCompletedNotificationSentEvent');
      await act.closed('order');
    },
  },
  {
    name: 'payment-timeout',
    settings: 'hurried',
    play: async (act) => {
      await act.place();
      await act.closed('order');
    },
  },
  {
    name: 'saga-timeout-before-the-reservation',
    settings: 'hurried',
    play: async (act) => {
      await act.place();
      await act.tell('order', 'PaymentCompletedEvent');
      await act.closed('order');
    },
  },
  {
    name: 'saga-timeout-before-the-notification',
    settings: 'hurried',
    play: async (act) => {
      await followToTheNotification(act);
      await until(async () => {
        const { rowCount } = await act.stage.db.owner.query(
          `select from orders.attention where order_id = $1 and code = 'NOTIFICATION_OVERDUE'`,
          [act.orderId],
        );
        return rowCount === 1;
      });
      await act.idle('order');
      await act.tell('order', 'OrderCompletedNotificationSentEvent');
      await act.closed('order');
    },
  },
  {
    name: 'notification-failed',
    play: async (act) => {
      await followToTheNotification(act);
      await act.tell('order', 'OrderCompletedNotificationFailedEvent');
      await act.idle('order');
      await act.tell('order', 'OrderCompletedNotificationSentEvent');
      await act.closed('order');
    },
  },
  {
    name: 'told-then-refunded',
    play: async (act) => {
      act.stage.sendMail = accept;
      await followToTheNotification(act);
      await act.tell('order', 'OrderCompletedNotificationSentEvent');
      await act.closed('order');
      await act.tell('order', 'PaymentCancelledEvent');
      await act.closed('order');
      await act.tell('notification', 'InventoryReservedEvent');
      await act.closed('notification');
      await act.tell('notification', 'PaymentCancelledEvent');
      await act.closed('notification');
    },
  },
  {
    name: 'reservation-timeout',
    settings: 'hurried',
    play: async (act) => {
      await charge(act);
      await act.closed('payment');
    },
  },
  {
    name: 'cancelled-while-charged',
    play: async (act) => {
      await charge(act);
      await act.tell('payment', 'OrderCancelledEvent');
      await act.closed('payment');
    },
  },
  {
    name: 'reserved-after-the-refund',
    play: async (act) => {
      await charge(act);
      await act.tell('payment', 'OrderCancelledEvent');
      await act.closed('payment');
      await act.tell('payment', 'InventoryReservedEvent');
      await act.closed('payment');
    },
  },
  {
    name: 'charge-of-unknown-outcome',
    play: async (act) => {
      act.loses('payment.charge', { done: false });
      await act.tell('payment', 'OrderCreatedEvent');
      await act.closed('payment');
    },
  },
  {
    name: 'charged-after-all',
    play: async (act) => {
      act.loses('payment.charge', { done: true });
      await charge(act);
      await act.tell('payment', 'InventoryReservedEvent');
      await act.closed('payment');
    },
  },
  {
    name: 'reservation-of-unknown-outcome',
    play: async (act) => {
      act.loses('inventory.reserve', { done: false });
      await act.tell('inventory', 'PaymentCompletedEvent');
      await act.closed('inventory');
    },
  },
  {
    name: 'released',
    play: async (act) => {
      await act.tell('inventory', 'PaymentCompletedEvent');
      await act.closed('inventory');
      await act.tell('inventory', 'PaymentCancelledEvent');
      await act.closed('inventory');
    },
  },
  {
    name: 'order-and-cancellation-together',
    play: (act) => act.together('payment', 'OrderCreatedEvent', 'OrderCancelledEvent'),
  },
  {
    name: 'payment-and-cancellation-together',
    play: (act) => act.together('inventory', 'PaymentCompletedEvent', 'PaymentCancelledEvent'),
  },
  {
    name: 'reservation-and-cancellation-together',
    play: (act) => act.together('notification', 'InventoryReservedEvent', 'PaymentCancelledEvent'),
  },
  { name: 'parked', play: park },
  {
    name: 'parked-retried-parked',
    play: async (act) => {
      await park(act);
      await act.stage.retry(act.orderId);
      await act.parked(2);
    },
  },
  {
    name: 'parked-retried-sent',
    play: async (act) => {
      await park(act);
      act.stage.sendMail = accept;
      await act.stage.retry(act.orderId);
      await act.closed('notification');
    },
  },
  {
    name: 'parked-then-revoked',
    play: async (act) => {
      await park(act);
      await act.tell('notification', 'PaymentCancelledEvent');
      await act.closed('notification');
    },
  },
  {
    name: 'revoked-during-an-attempt',
    play: async (act) => {
      const [begun, mayEnd] = [gate(), gate()];
      act.stage.sendMail = async () => {
        begun.open();
        await mayEnd.opened;
        throw Object.assign(new Error('450 later'), { responseCode: 450 });
      };
      await act.tell('notification', 'InventoryReservedEvent');
      await begun.opened;
      await act.tell('notification', 'PaymentCancelledEvent');
      await act.stopped('notification');
      mayEnd.open();
      await act.closed('notification');
    },
  },
  {
    name: 'confirmed-by-a-regular-activity',
    play: async (act) => {
      act.failsForLong('payment.confirm');
      await charge(act);
      await act.tell('payment', 'InventoryReservedEvent');
      await act.closed('payment');
    },
  },
  {
    name: 'published-by-a-regular-activity',
    play: async (act) => {
      act.failsForLong('inventory.publish');
      await act.tell('inventory', 'PaymentCompletedEvent');
      await act.closed('inventory');
    },
  },
  {
    // The one place where a replay sees whether an order's status is shown before or after publishing: within one
    // workflow task, the SDK takes the results of local activities in any order.
    name: 'cancellation-published-by-a-regular-activity',
    settings: 'hurried',
    play: async (act) => {
      await act.place();
      await act.waits('order', 'the payment');
      act.failsForLong('order.publish');
      await act.closed('order');
    },
  },
  {
    name: 'order-looked-at-while-waiting',
    play: async (act) => {
      await act.place();
      await act.waits('order', 'the payment');
      await act.wake('order');
      await act.waits('order', 'the payment', 2);
      await act.tell('order', 'PaymentFailedEvent');
      await act.closed('order');
    },
  },
  {
    name: 'payment-looked-at-while-waiting',
    play: async (act) => {
      await charge(act);
      await act.wake('payment');
      await act.waits('payment', 'the reservation', 2);
      await act.tell('payment', 'InventoryReservedEvent');
      await act.closed('payment');
    },
  },
  {
    name: 'payment-looked-at-while-it-confirms',
    play: async (act) => {
      await charge(act);
      await act.wakesDuring('payment', 'confirm', () => act.tell('payment', 'InventoryReservedEvent'));
      await act.closed('payment');
    },
  },
  {
    name: 'notification-looked-at-while-parked',
    play: async (act) => {
      await park(act);
      await act.wake('notification');
      await act.idle('notification');
      await act.tell('notification', 'PaymentCancelledEvent');
      await act.closed('notification');
    },
  },
  {
    name: 'notification-looked-at-beside-an-attempt',
    play: async (act) => {
      const [begun, mayEnd] = [gate(), gate()];
      act.stage.sendMail = async () => {
        begun.open();
        await mayEnd.opened;
      };
      await act.tell('notification', 'InventoryReservedEvent');
      await begun.opened;
      await act.wake('notification');
      await act.idle('notification');
      mayEnd.open();
      await act.closed('notification');
    },
  },
  ...services.map((service): Scene => ({
    name: `${service}-begun-by-a-look`,
    play: async (act) => {
      await act.wake(service);
      await act.closed(service);
    },
  })),
  {
    name: 'order-repeated-while-charged',
    play: async (act) => {
      const order = await act.order.publish('OrderCreatedEvent');
      await act.stage.signal('payment', act.orderId, order);
      await act.waits('payment', 'the reservation');
      await act.stage.signal('payment', act.orderId, order);
      await act.waits('payment', 'the reservation', 2);
      await act.tell('payment', 'InventoryReservedEvent');
      await act.closed('payment');
    },
  },
  ...services.map((service): Scene => ({
    name: `junk-to-${service}`,
    play: async (act) => {
      await act.junk(service);
      await act.closed(service);
    },
  })),
  ...services.map((service): Scene => ({
    name: `unaddressed-to-${service}`,
    play: async (act) => {
      await act.tell(service, unaddressed(service));
      await act.closed(service);
    },
  })),
  {
    name: 'order-flooded',
    play: async (act) => {
      await act.place();
      await act.waits('order', 'the payment');
      await act.flood('order');
      await act.tell('order', 'PaymentFailedEvent');
      await act.closed('order');
    },
  },
  {
    name: 'payment-flooded',
    play: async (act) => {
      await charge(act);
      await act.flood('payment');
      await act.tell('payment', 'InventoryReservedEvent');
      await act.closed('payment');
    },
  },
  {
    name: 'notification-flooded',
    play: async (act) => {
      await park(act);
      await act.flood('notification');
      await act.tell('notification', 'PaymentCancelledEvent');
      await act.closed('notification');
    },
  },
];
