import type { Deliver } from '../core/activity/outbox.js';
import type { AnyEvent } from '../core/event.js';
import { choreography } from '../schemas/catalogue.js';
import { mailFaultWords } from './mail-faults.js';
import { placeOrder } from '../db/order/place-order.js';
import { orderId, placement } from './order.js';
import { scriptOf } from './participants.js';
import type { EpochMillis } from '../core/event.js';
import { services, type Service } from '../schemas/services.js';
import { activitiesIn } from './activities.js';
import type { AttemptKey, Ports, Waits } from './ports.js';
import { choicesAgain, type Choices } from '../core/simulation/choices.js';
import type { TransactionFate } from '../core/simulation/database.js';
import { ShopDatabase } from './database.js';
import {
  deliveryFaults,
  drawProfile,
  Faults,
  faultWords,
  type DeliveryFault,
  type FaultSource,
} from '../core/simulation/faults.js';
import { type MailFault } from './mail-faults.js';
import { brokenAtRest, brokenByCommit, brokenByMail, brokenWhileParked } from './invariants.js';
import { altered, unaddressedBy } from '../core/simulation/made-up.js';
import { Scheduler } from '../core/simulation/scheduler.js';
import type { Shop, Stored } from './stored.js';
import { SimulatedTemporal } from '../core/simulation/temporal.js';
import type { Execution } from '../core/simulation/worker.js';

/** How a world went. */
export interface Verdict {
  /** The rules that it broke; none, if all is well. */
  readonly broken: readonly string[];
  readonly stored: Stored;
  readonly steps: number;
  readonly trace: readonly string[];
}

/** What there is before the order is placed, and what the mail server is going to do. */
export interface Setting {
  readonly shop: Shop;
  readonly waits: Waits;
  readonly hasContact: boolean;
  /** So many attempts the mail server meets with this fault, before it recovers. */
  readonly badMails: number;
  readonly mailFault: MailFault;
  /** A worker that is away for long, beside everything else; null in most worlds. */
  readonly away: Service | null;
}

/** Runs one world: one order, from its placement until nothing can happen any more. */
export async function runWorld(choices: Choices): Promise<Verdict> {
  const profile = drawProfile(choices);
  const world = new World(
    choices,
    new Faults(choices, profile, durations),
    drawSetting(choices),
    profile.roughness,
  );
  return world.run();
}

/** Runs the tamest world of a setting, with faults at the points that the plan names. */
export const runPlanned = (setting: Setting, faults: FaultSource): Promise<Verdict> =>
  new World(choicesAgain([]), faults, setting, 0).run();

class World {
  readonly #choices: Choices;
  readonly #faults: FaultSource;
  readonly #setting: Setting;
  readonly #scheduler: Scheduler;
  readonly #temporal: SimulatedTemporal;
  readonly #database: ShopDatabase;
  readonly #broken: string[] = [];
  readonly #trace: string[] = [];
  readonly #landed = new Map<string, number>();
  #madeUp = 0;
  #mails = 0;
  #mailsTried = 0;
  #retries = 0;
  #isRepaired = false;
  readonly #isCalm: boolean;

  constructor(choices: Choices, faults: FaultSource, setting: Setting, roughness: number) {
    const tell = (what: string) => this.#tell(what);
    this.#choices = choices;
    this.#faults = faults;
    this.#setting = setting;
    this.#isCalm = roughness === 0;
    this.#scheduler = new Scheduler(choices, roughness, tell);
    this.#temporal = new SimulatedTemporal(services, scriptOf, {
      scheduler: this.#scheduler,
      faults,
      tell,
      words: mailFaultWords,
    });
    const now = () => this.#scheduler.now as EpochMillis;
    this.#database = new ShopDatabase(
      setting.shop,
      (service, before, after) => this.#watch(service, before, after),
      now,
    );
    const { waits } = setting;
    const hasContact = () => setting.hasContact || this.#isRepaired;
    const sendMail: Ports['sendMail'] = (attempt, fault) => this.#sendMail(attempt, fault);
    const deliver = (execution: Execution) => this.#deliver(execution);
    const database = this.#database;
    this.#temporal.work(activitiesIn({ database, waits, hasContact, sendMail, deliver, now }));
  }

  #tell(what: string): void {
    this.#trace.push(`${clock(this.#scheduler.now)} ${what}`);
  }

  async run(): Promise<Verdict> {
    void this.#place();
    if (this.#choices.rarely(0.1, 2) === 1)
      this.#scheduler.in(this.#faults.duration(), () => void this.#place());
    this.#loseAWorker();
    const steps = await this.#untilRest().catch((error: unknown) => {
      this.#broken.push(error instanceof Error ? error.message : String(error));
      return 0;
    });
    const { stored } = this.#database;
    const [open, landed, madeUp, mails] = [this.#open(), this.#landed, this.#madeUp, this.#mails];
    const { shop } = this.#setting;
    if (this.#broken.length === 0)
      this.#broken.push(
        ...brokenAtRest({ shop, stored, open, mails, landed, madeUp, wentWell: this.#wentWell() }),
      );
    return { broken: this.#broken, stored, steps, trace: this.#trace };
  }

  /** What the API does: it stores the order, again where the answer was lost, and starts its participant then. */
  async #place(): Promise<void> {
    const { waits } = this.#setting;
    const store = () =>
      placeOrder(
        this.#database.order(() => this.#fateOfPlacing()),
        orderId,
        placement,
        waits,
      );
    for (let isStored = false; !isStored;)
      isStored = await store().then(
        () => true,
        () => false,
      );
    await this.#scheduler.turn('the API starts order');
    this.#temporal.start('order');
  }

  async #fateOfPlacing(): Promise<TransactionFate> {
    const what = 'the API is about to commit: the order';
    await this.#scheduler.turn(what);
    const fault = this.#faults.draw(what, ['FAILS', 'ANSWER_LOST']);
    if (fault !== undefined) this.#tell(`  but ${faultWords[fault]}`);
    return fault ?? 'COMMITS';
  }

  #loseAWorker(): void {
    const { away } = this.#setting;
    if (away === null) return;
    const [from, duration] = [this.#choices.pick(2) * this.#faults.duration(), this.#faults.duration()];
    this.#scheduler.in(from, () => {
      this.#trace.push(`           ${away} has no worker for ${duration / 1_000} s`);
      this.#temporal.isWithout(away, duration);
    });
  }

  /** In the end somebody repairs what was broken and asks for a retry wherever a notification is parked. */
  async #untilRest(): Promise<number> {
    const steps = await this.#scheduler.run();
    if (!this.#open().includes('notification')) return steps;
    this.#broken.push(...brokenWhileParked(this.#database.stored, this.#open()));
    this.#isRepaired = true;
    this.#faults.end();
    this.#trace.push('everything is repaired, and an operator asks for a retry');
    this.#temporal.askForRetry('notification', 'the last retry', 'lee');
    return steps + (await this.#scheduler.run());
  }

  #wentWell(): boolean {
    const { away, badMails, hasContact } = this.#setting;
    return this.#isCalm && this.#faults.areUnused && away === null && badMails === 0 && hasContact;
  }

  #open(): readonly string[] {
    return this.#temporal.runs.filter(({ isClosed }) => !isClosed).map(({ service }) => service);
  }

  #watch(service: string, before: Stored, after: Stored): void {
    this.#broken.push(...brokenByCommit(before, after));
    const [was, is] = [statusOf(before, service), statusOf(after, service)];
    if (was !== is) this.#trace.push(`           ${service} is ${is ?? 'NOTHING'}`);
    if (service === 'notification' && is === 'FAILED' && was !== is) this.#callAnOperator();
  }

  /** Mostly somebody comes and asks for a retry, though perhaps much later. */
  #callAnOperator(): void {
    if (this.#retries >= 3 || this.#choices.pick(4) === 3) return;
    const key = `retry-${++this.#retries}`;
    this.#scheduler.in(this.#faults.duration(), () => {
      this.#trace.push('           an operator asks for a retry');
      this.#temporal.askForRetry('notification', key, 'kim');
    });
  }

  #sendMail(attempt: AttemptKey, fault: MailFault | undefined): Promise<void> {
    const { badMails, mailFault } = this.#setting;
    this.#broken.push(...brokenByMail(this.#database.stored, attempt));
    const met = fault ?? (!this.#isRepaired && this.#mailsTried++ < badMails ? mailFault : undefined);
    if (met === undefined || met === 'HANGS' || met === 'SENT_BUT_LOST') this.#mails++;
    if (met === 'REFUSED')
      return Promise.reject(Object.assign(new Error('450 later'), { responseCode: 450 }));
    if (met === 'LOST' || met === 'SENT_BUT_LOST') return Promise.reject(new Error('connection lost'));
    return Promise.resolve();
  }

  #deliver(execution: Execution): Deliver {
    return async (subscriber, event) => {
      const what = `delivers ${event.type} to ${subscriber}`;
      const fault = await execution.turn<DeliveryFault | 'SWALLOWED'>(what, deliveryFaults);
      const land = () => this.#land(subscriber, event);
      switch (fault) {
        case undefined:
          return land();
        case 'FAILS':
          throw new Error('unavailable');
        case 'ANSWER_LOST':
          land();
          throw new Error('delivered, but the answer was lost');
        case 'TWICE':
          land();
          return land();
        case 'LATER':
          this.#scheduler.in(this.#faults.duration(), land);
          throw new Error('delivered later, but the answer was lost');
        case 'HANGS':
          await execution.hang();
          return land();
        case 'SWALLOWED':
          this.#scheduler.in(AN_HOUR, land);
          return;
        case 'ALTERED':
          this.#makeUp(subscriber, altered(event));
          return land();
        case 'ASTRAY':
          this.#makeUp(unaddressedBy(choreography, event.type), event);
          return land();
      }
    };
  }

  #land(subscriber: string, event: AnyEvent): void {
    const key = `${subscriber} ${event.payload.eventId}`;
    this.#landed.set(key, (this.#landed.get(key) ?? 0) + 1);
    this.#temporal.signalWithStart(subscriber, event);
  }

  #makeUp(service: string, event: AnyEvent): void {
    this.#madeUp++;
    this.#temporal.signalWithStart(service, event);
  }
}

function drawSetting(choices: Choices): Setting {
  const one = <T>(...options: readonly [T, ...T[]]): T => options[choices.pick(options.length)] ?? options[0];
  return {
    shop: {
      balance: one<number | null>(1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000, null),
      available: one<number | null>(10, 10, 10, 10, 0, null),
    },
    waits: one(standard, standard, { ...standard, saga: 100_000 }),
    hasContact: one(true, true, true, true, true, true, true, false),
    badMails: one(0, 0, 0, 1, 2, 4, 5, 9),
    mailFault: one<MailFault>('REFUSED', 'SENT_BUT_LOST', 'LOST'),
    away: one<Service | null>(null, null, null, null, null, null, null, null, ...services),
  };
}

// Some end shortly before one of the product owner's waits does, where the rare races are.
const durations = [
  1_000, 6_000, 40_000, 100_000, 172_000, 174_000, 174_800, 177_000, 179_500, 200_000, 293_000, 299_000,
  320_000, 598_000, 700_000,
] as const;

/** Longer than any wait, in ms. */
export const AN_HOUR = 3_600_000;

/** The product owner's durations, in ms. */
export const standard: Waits = { payment: 300_000, inventory: 180_000, saga: 600_000 };

const clock = (now: number): string => new Date(now).toISOString().slice(11, 19);

const statusOf = ({ rows }: Stored, service: string): string | undefined =>
  (rows as Readonly<Record<string, { readonly status: string } | undefined>>)[service]?.status;
