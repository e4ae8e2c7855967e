import type { EpochMillis } from '../core/event.js';
import type { Commit } from '../core/simulation/database.js';
import type { FaultSource } from '../core/simulation/faults.js';
import type { Scheduler } from '../core/simulation/scheduler.js';
import { SimulatedTemporal } from '../core/simulation/temporal.js';
import type { Activities, Execution } from '../core/simulation/worker.js';
import type { Mail } from '../activities/mail.js';
import type { Service } from '../schemas/services.js';
import { services } from '../schemas/services.js';
import { activitiesIn } from './activities.js';
import type { ShopDatabase } from './database.js';
import { Deliveries } from './deliveries.js';
import { mailFaultWords, type MailFault } from './mail-faults.js';
import type { WorldsOrder } from './order.js';
import { scriptOf } from './participants.js';
import type { AttemptKey } from './ports.js';
import type { Deliver } from '../core/activity/outbox.js';
import { deliveryRules } from './rules/delivery-rules.js';
import { brokenByCommit } from './rules/commit-rules.js';
import { mailRules } from './rules/mail-rules.js';
import { brokenByMail } from './rules/notification-rules.js';
import { OrderRecord } from './rules/order-record.js';
import { judgeRuns } from './rules/run-rules.js';
import { rule } from './rules/rule.js';
import { stepOf, type SomeRow } from './rules/step.js';
import { simulatedServices, type SimulatedService } from './services.js';
import type { Setting } from './setting.js';
import { rowsOfOrder, type Rows, type Stored } from './stored.js';

/** What the orders of a world share. */
export interface Shared {
  readonly setting: Setting;
  readonly scheduler: Scheduler;
  readonly faults: FaultSource;
  readonly database: ShopDatabase;
  readonly tell: (what: string) => void;
  readonly report: (broken: readonly string[]) => void;
  /** Whether so far all has gone well, and one step followed the other. */
  readonly isTame: () => boolean;
  readonly isSetBack: () => boolean;
  /** Watches the activities, where steps have to be known by the execution that takes them. */
  readonly watched?: (service: Service, activities: Activities) => Activities;
}

/** One order of a world: its participants and their workers, its mails, and what the rules remember of it. */
export class SimulatedOrder {
  readonly placed: WorldsOrder;
  readonly temporal: SimulatedTemporal;
  readonly deliveries: Deliveries;
  readonly record = new OrderRecord();
  mails = 0;
  retries = 0;
  isRepaired = false;
  readonly prefix: string;
  readonly #shared: Shared;
  #mailsTried = 0;

  constructor(shared: Shared, placed: WorldsOrder, number: number) {
    this.#shared = shared;
    this.placed = placed;
    this.prefix = number === 0 ? '' : `order ${number + 1}, `;
    const { scheduler, faults, tell, setting, database } = shared;
    const watches = new Map(services.map((service) => [service, this.#judged(service)]));
    const script = (service: string) => scriptOf(service, placed.orderId, watches.get(service as Service));
    const words = mailFaultWords;
    this.temporal = new SimulatedTemporal(services, script, {
      ...{ scheduler, faults, tell, words, prefix: this.prefix },
    });
    this.deliveries = new Deliveries(this.temporal, scheduler, faults, setting);
    const activities = activitiesIn({
      database,
      waits: setting.waits,
      hasContact: () => setting.hasContact || this.isRepaired,
      sendMail: (attempt, mail, fault) => this.#sendMail(attempt, mail, fault),
      deliver: (execution: Execution) => this.#judgedDeliveries(execution),
      now: () => scheduler.now as EpochMillis,
    });
    this.temporal.work(this.#watched(this.#counted(activities)));
  }

  get rows(): Rows {
    return rowsOfOrder(this.#shared.database.stored, this.placed.orderId);
  }

  get open(): readonly string[] {
    return this.temporal.runs.filter(({ isClosed }) => !isClosed).map(({ service }) => service);
  }

  rowOf(service: Service): SomeRow | undefined {
    return (this.rows as Readonly<Record<string, SomeRow>>)[service];
  }

  /** Judges what one of its services has committed. */
  judge(service: Service, before: Stored, after: Stored, commit: Commit): void {
    const { scheduler, setting, report, isTame } = this.#shared;
    const { record, placed: order } = this;
    const { waits } = setting;
    const at = { now: scheduler.now, isTame: isTame() };
    const step = stepOf({ service, order, waits, before, after, commit, record, ...at });
    report(brokenByCommit(step));
    this.#remember(service, step.was, step.is);
  }

  #remember(service: Service, was: SomeRow, is: SomeRow): void {
    const { dueAt }: SimulatedService = simulatedServices[service];
    const due = dueAt?.(is as never) ?? null;
    const dues = this.record.dues.get(service) ?? new Set();
    if (due !== null) this.record.dues.set(service, dues.add(due));
    if (attemptsIn(is) > attemptsIn(was)) this.record.attemptBegunAt = this.#shared.scheduler.now;
  }

  #judgedDeliveries(execution: Execution): Deliver {
    const { database, report, setting } = this.#shared;
    const deliver = this.deliveries.by(execution);
    return (subscriber, event) => {
      if (!setting.isLossy) report(deliveryRules(database.stored, subscriber, event, this.record));
      return deliver(subscriber, event);
    };
  }

  /** An operator asks for a retry, in vain unless the notification is parked by now. */
  askForRetry(key: string, operator: string): void {
    const { status } = this.rows.notification ?? { status: 'NOTHING' };
    const isEarly = status === 'NOTHING' || status === 'SENDING';
    this.temporal.askForRetry('notification', key, isEarly ? EARLY : operator);
  }

  #judged(service: Service) {
    const { isTame, report } = this.#shared;
    const { orderId } = this.placed;
    return judgeRuns({
      service,
      orderId,
      record: this.record,
      row: () => this.rowOf(service),
      isTame,
      report,
    });
  }

  /** Counts how often it was tried to send, whatever came of it. */
  #counted(activities: Readonly<Record<Service, Activities>>): Readonly<Record<Service, Activities>> {
    const { notification } = activities;
    const { sends } = this.record;
    return {
      ...activities,
      notification: (name, args, execution) => {
        const [, input] = args as readonly [unknown, { readonly round: number }];
        if (name === 'send') {
          sends.set(input.round, (sends.get(input.round) ?? 0) + 1);
          this.#shared.report(
            rule(!this.#isCancelled(), 'an attempt to send began while a cancellation was in the mailbox'),
          );
        }
        return notification(name, args, execution);
      },
    };
  }

  #watched(activities: Readonly<Record<Service, Activities>>): Readonly<Record<string, Activities>> {
    const { watched } = this.#shared;
    const watch = (service: Service) => watched?.(service, activities[service]) ?? activities[service];
    return Object.fromEntries(services.map((service) => [service, watch(service)]));
  }

  /** Whether the notification participant has been told so. */
  #isCancelled(): boolean {
    return this.temporal.runs.some(
      ({ service, isClosed, waitingTypes }) =>
        service === 'notification' && !isClosed && waitingTypes.includes('PaymentCancelledEvent'),
    );
  }

  #sendMail(attempt: AttemptKey, mail: Mail, fault: MailFault | undefined): Promise<void> {
    const { setting, report, isSetBack } = this.#shared;
    const { badMails, mailFault } = setting;
    if (!isSetBack()) report(brokenByMail(this.rows.notification, attempt));
    report(mailRules(this.placed, mail));
    const met = fault ?? (!this.isRepaired && this.#mailsTried++ < badMails ? mailFault : undefined);
    if (met === undefined || met === 'HANGS' || met === 'SENT_BUT_LOST') this.mails++;
    const fate =
      met === 'REFUSED' ? 'REFUSED' : met === 'CUT' || met === 'SENT_BUT_LOST' ? 'UNKNOWN' : 'ACCEPTED';
    this.record.mailFates.set(`${attempt.round} ${attempt.number}`, fate);
    if (fate === 'REFUSED')
      return Promise.reject(Object.assign(new Error('450 later'), { responseCode: 450 }));
    if (fate === 'UNKNOWN') return Promise.reject(new Error('connection lost'));
    return Promise.resolve();
  }
}

/** An operator that asks while nothing is parked. */
export const EARLY = 'early';

const attemptsIn = (row: SomeRow): number =>
  'attempts' in row ? (row.attempts as readonly unknown[]).length : 0;
