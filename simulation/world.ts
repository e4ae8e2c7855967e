import { mailFaultWords } from './mail-faults.js';
import { placeOrder } from '../db/order/place-order.js';
import { orderId, placement } from './order.js';
import { scriptOf } from './participants.js';
import type { EpochMillis } from '../core/event.js';
import type { Taken } from '../core/sweep/sweep-store.js';
import { services, type Service } from '../schemas/services.js';
import { activitiesIn } from './activities.js';
import { Deliveries } from './deliveries.js';
import { Disasters } from './disasters.js';
import type { AttemptKey, Ports } from './ports.js';
import { choicesAgain, type Choices } from '../core/simulation/choices.js';
import type { TransactionFate } from '../core/simulation/database.js';
import { ShopDatabase } from './database.js';
import { drawProfile, Faults, faultWords, losses, type FaultSource } from '../core/simulation/faults.js';
import { type MailFault } from './mail-faults.js';
import {
  brokenAtRest,
  brokenByCommit,
  brokenByMail,
  brokenBySweep,
  brokenWhileParked,
  type AtRest,
} from './invariants.js';
import { Scheduler } from '../core/simulation/scheduler.js';
import { drawSetting, durations, FULL, type Setting } from './setting.js';
import type { Stored } from './stored.js';
import { Sweeps } from './sweeps.js';
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

/** Runs one world: one order, from its placement until nothing can happen any more. */
export async function runWorld(choices: Choices): Promise<Verdict> {
  const profile = drawProfile(choices);
  const faults = new Faults(choices, profile, durations);
  return new World(choices, faults, drawSetting(choices), profile.roughness).run();
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
  readonly #deliveries: Deliveries;
  readonly #disasters: Disasters;
  readonly #sweeps: Sweeps;
  #mails = 0;
  #mailsTried = 0;
  #retries = 0;
  #isRepaired = false;
  #attemptBegunAt = 0;
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
    this.#deliveries = new Deliveries(this.#temporal, this.#scheduler, faults, setting);
    const deliver = (execution: Execution) => this.#deliveries.by(execution);
    const database = this.#database;
    this.#temporal.work(activitiesIn({ database, waits, hasContact, sendMail, deliver, now }));
    const [scheduler, temporal] = [this.#scheduler, this.#temporal];
    this.#disasters = new Disasters({ choices, faults, scheduler, temporal, database }, tell);
    this.#sweeps = new Sweeps(database, temporal, scheduler, deliver, (service, taken) =>
      this.#onTaken(service, taken),
    );
  }

  #tell(what: string): void {
    this.#trace.push(`${clock(this.#scheduler.now)} ${what}`);
  }

  async run(): Promise<Verdict> {
    void this.#place();
    if (this.#choices.rarely(0.1, 2) === 1)
      this.#scheduler.in(this.#faults.duration(), () => void this.#place());
    this.#loseAWorker();
    if (this.#setting.isLossy) this.#disasters.prepare(this.#sweeps);
    const steps = await this.#untilRest().catch((error: unknown) => {
      this.#broken.push(error instanceof Error ? error.message : String(error));
      return 0;
    });
    if (this.#broken.length === 0) this.#broken.push(...brokenAtRest(this.#atRest()));
    // Where nothing was lost, there is nothing for a sweep to find.
    if (!this.#setting.isLossy) this.#broken.push(...(await this.#sweeps.findings()));
    return { broken: this.#broken, stored: this.#database.stored, steps, trace: this.#trace };
  }

  #atRest(): AtRest {
    const { shop, isLossy } = this.#setting;
    const { landed, madeUp } = this.#deliveries;
    return {
      ...{ shop, isLossy, landed, madeUp },
      stored: this.#database.stored,
      open: this.#open(),
      mails: this.#mails,
      wentWell: this.#wentWell(),
      isSetBack: this.#disasters.isSetBack,
    };
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
    const starts = 'the API starts order';
    await this.#scheduler.turn(starts);
    if (this.#setting.isLossy && this.#draw(starts, losses) === 'LOST') return;
    this.#temporal.start('order');
  }

  async #fateOfPlacing(): Promise<TransactionFate> {
    const what = 'the API is about to commit: the order';
    await this.#scheduler.turn(what);
    return this.#draw(what, ['FAILS', 'ANSWER_LOST'] as const) ?? 'COMMITS';
  }

  #draw<Kind extends string>(what: string, faults: readonly Kind[]): Kind | undefined {
    const fault = this.#faults.draw(what, faults);
    if (fault !== undefined) this.#tell(`  but ${faultWords[fault]}`);
    return fault;
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
    const steps = await this.#untilNothingHappens();
    if (!this.#open().includes('notification')) return steps;
    this.#broken.push(...brokenWhileParked(this.#database.stored, this.#open()));
    this.#isRepaired = true;
    this.#faults.end();
    this.#trace.push('everything is repaired, and an operator asks for a retry');
    this.#temporal.askForRetry('notification', 'the last retry', 'lee');
    return steps + (await this.#untilNothingHappens());
  }

  async #untilNothingHappens(): Promise<number> {
    const steps = await this.#scheduler.run();
    return this.#setting.isLossy ? steps + (await this.#sweeps.untilNothingIsFound()) : steps;
  }

  #wentWell(): boolean {
    const { away, badMails, hasContact, isLossy } = this.#setting;
    const isTame = this.#isCalm && this.#faults.areUnused && !isLossy;
    return isTame && away === null && badMails === 0 && hasContact;
  }

  #open(): readonly string[] {
    return this.#temporal.runs.filter(({ isClosed }) => !isClosed).map(({ service }) => service);
  }

  #watch(service: string, before: Stored, after: Stored): void {
    if (this.#setting.shop.balance === FULL) this.#database.fillWallet();
    this.#broken.push(...brokenByCommit(before, this.#database.stored, this.#scheduler.now));
    const [was, is] = [statusOf(before, service), statusOf(after, service)];
    if (was !== is) this.#trace.push(`           ${service} is ${is ?? 'NOTHING'}`);
    if (service === 'notification' && is === 'FAILED' && was !== is) this.#callAnOperator();
    if (attemptsIn(after) > attemptsIn(before)) this.#attemptBegunAt = this.#scheduler.now;
  }

  #onTaken(service: Service, taken: Taken): void {
    const isComparable = service === 'notification' && this.#faults.areUnused && !this.#disasters.isSetBack;
    const sinceAttempt = this.#scheduler.now - this.#attemptBegunAt;
    if (isComparable) this.#broken.push(...brokenBySweep(this.#database.stored, taken, sinceAttempt));
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
    if (!this.#disasters.isSetBack) this.#broken.push(...brokenByMail(this.#database.stored, attempt));
    const met = fault ?? (!this.#isRepaired && this.#mailsTried++ < badMails ? mailFault : undefined);
    if (met === undefined || met === 'HANGS' || met === 'SENT_BUT_LOST') this.#mails++;
    if (met === 'REFUSED')
      return Promise.reject(Object.assign(new Error('450 later'), { responseCode: 450 }));
    if (met === 'CUT' || met === 'SENT_BUT_LOST') return Promise.reject(new Error('connection lost'));
    return Promise.resolve();
  }
}

const clock = (now: number): string => new Date(now).toISOString().slice(11, 19);

const statusOf = ({ rows }: Stored, service: string): string | undefined =>
  (rows as Readonly<Record<string, { readonly status: string } | undefined>>)[service]?.status;

const attemptsIn = ({ rows: { notification } }: Stored): number =>
  notification && 'attempts' in notification ? notification.attempts.length : 0;
