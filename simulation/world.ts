import { placeOrder } from '../db/order/place-order.js';
import type { EpochMillis, SagaId } from '../core/event.js';
import type { Taken } from '../core/sweep/sweep-store.js';
import type { Service } from '../schemas/services.js';
import { Disasters } from './disasters.js';
import { choicesAgain, type Choices } from '../core/simulation/choices.js';
import type { Commit, Fate, TransactionFate } from '../core/simulation/database.js';
import { ShopDatabase } from './database.js';
import { drawProfile, Faults, faultWords, losses, type FaultSource } from '../core/simulation/faults.js';
import { brokenAtRest, brokenWhileParked, type AtRest } from './rules/at-rest.js';
import { balanceRules } from './rules/ledger-rules.js';
import { brokenBySweep } from './rules/notification-rules.js';
import { Scheduler } from '../core/simulation/scheduler.js';
import { drawSetting, durations, FULL, type Setting } from './setting.js';
import { SimulatedOrder } from './simulated-order.js';
import { rowsOfOrder, type Stored } from './stored.js';
import { Strangers } from './strangers.js';
import { Sweeps } from './sweeps.js';

/** How a world went. */
export interface Verdict {
  /** The rules that it broke; none, if all is well. */
  readonly broken: readonly string[];
  readonly stored: Stored;
  readonly steps: number;
  /** Told in words when it is asked for. */
  readonly trace: readonly string[];
}

/** Runs one world: its orders, from their placement until nothing can happen any more. */
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
  readonly #database: ShopDatabase;
  readonly #broken: string[] = [];
  readonly #told: (readonly [at: number | undefined, what: string])[] = [];
  readonly #orders: readonly SimulatedOrder[];
  readonly #disasters: Disasters;
  readonly #sweeps: Sweeps;
  readonly #strangers: Strangers;
  readonly #isCalm: boolean;

  constructor(choices: Choices, faults: FaultSource, setting: Setting, roughness: number) {
    const tell = (what: string) => this.#tell(what);
    this.#choices = choices;
    this.#faults = faults;
    this.#setting = setting;
    this.#isCalm = roughness === 0;
    const scheduler = (this.#scheduler = new Scheduler(choices, roughness, tell));
    const database = (this.#database = new ShopDatabase(
      setting.shop,
      (service, before, after, commit) => this.#watch(service as Service, before, after, commit),
      () => scheduler.now as EpochMillis,
    ));
    const shared = {
      ...{ setting, scheduler, faults, database, tell },
      report: (broken: readonly string[]) => void this.#broken.push(...broken),
      isTame: () => this.#isTame(),
      isSetBack: () => this.#disasters.isSetBack,
    };
    this.#orders = setting.orders.map((placed, number) => new SimulatedOrder(shared, placed, number));
    const temporals = this.#orders.map(({ temporal }) => temporal);
    this.#disasters = new Disasters({ choices, faults, scheduler, temporals, database }, tell);
    this.#sweeps = new Sweeps(database, this.#orders, scheduler, (service, taken) =>
      this.#onTaken(service, taken),
    );
    this.#strangers = new Strangers({ choices, scheduler, orders: this.#orders, database }, tell);
  }

  #tell(what: string): void {
    this.#told.push([this.#scheduler.now, what]);
  }

  /** What happens to the world by itself. */
  #note(what: string): void {
    this.#told.push([undefined, what]);
  }

  async run(): Promise<Verdict> {
    for (const order of this.#orders) this.#begin(order);
    this.#loseAWorker();
    this.#strangers.prepare();
    if (this.#setting.isLossy) this.#disasters.prepare(this.#sweeps);
    const steps = await this.#untilRest().catch((error: unknown) => {
      this.#broken.push(error instanceof Error ? error.message : String(error));
      return 0;
    });
    if (this.#broken.length === 0) this.#judgeRest();
    // Where nothing was lost, there is nothing for a sweep to find.
    if (!this.#setting.isLossy) this.#broken.push(...(await this.#sweeps.findings()));
    const told = this.#told;
    return {
      ...{ broken: this.#broken, stored: this.#database.stored, steps },
      get trace() {
        return told.map(([at, what]) => `${at === undefined ? NO_TIME : clock(at)} ${what}`);
      },
    };
  }

  /** The first order is there from the beginning, the others follow at any time; a request may come twice. */
  #begin(order: SimulatedOrder): void {
    if (order === this.#orders[0]) void this.#place(order);
    else this.#scheduler.in(this.#choices.pick(2) * this.#faults.duration(), () => void this.#place(order));
    if (this.#choices.rarely(0.1, 2) === 1)
      this.#scheduler.in(this.#faults.duration(), () => void this.#place(order));
  }

  #judgeRest(): void {
    const { stored, deadlocks } = this.#database;
    this.#broken.push(...balanceRules(this.#setting.shop, stored));
    this.#broken.push(...deadlocks.map((row) => `two transactions waited for each other over ${row}`));
    for (const order of this.#orders) this.#broken.push(...brokenAtRest(this.#atRest(order)));
  }

  #atRest(order: SimulatedOrder): AtRest {
    const { shop, isLossy } = this.#setting;
    const { landed, madeUp } = order.deliveries;
    return {
      ...{ shop, isLossy, landed, madeUp },
      order: order.placed,
      others: this.#orders.length - 1,
      stored: this.#database.stored,
      open: order.open,
      mails: order.mails,
      wentWell: this.#wentWell(),
      isSetBack: this.#disasters.isSetBack,
    };
  }

  /** What the API does: it stores the order, again where the answer was lost, and starts its participant then. */
  async #place({ placed, prefix, temporal }: SimulatedOrder): Promise<void> {
    const { waits } = this.#setting;
    const store = () =>
      placeOrder(this.#database.order(this.#fateOfPlacing(prefix)), placed.orderId, placed.placement, waits);
    for (let isStored = false; !isStored;)
      isStored = await store().then(
        () => true,
        () => false,
      );
    const starts = `${prefix}the API starts order`;
    await this.#scheduler.turn(starts);
    if (this.#setting.isLossy && this.#draw(starts, losses) === 'LOST') return;
    temporal.start('order');
  }

  #fateOfPlacing(prefix: string): Fate {
    const what = `${prefix}the API is about to commit: the order`;
    const fate = async (): Promise<TransactionFate> => {
      await this.#scheduler.turn(what);
      return this.#draw(what, ['FAILS', 'ANSWER_LOST', 'CONFLICT'] as const) ?? 'COMMITS';
    };
    const between = async () => {
      if (this.#scheduler.isInterleaved()) await this.#scheduler.turn(`${prefix}the API stores the order`);
      return true;
    };
    return Object.assign(fate, { between });
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
      this.#note(`  ${away} has no worker for ${duration / 1_000} s`);
      for (const { temporal } of this.#orders) temporal.isWithout(away, duration);
    });
  }

  /** In the end somebody repairs what was broken and asks for a retry wherever a notification is parked. */
  async #untilRest(): Promise<number> {
    const steps = await this.#untilNothingHappens();
    const parked = this.#orders.filter(({ open }) => open.includes('notification'));
    if (parked.length === 0) return steps;
    for (const { rows, open } of parked) this.#broken.push(...brokenWhileParked(rows, open));
    this.#faults.end();
    this.#note('everything is repaired, and an operator asks for a retry');
    for (const order of this.#orders) order.isRepaired = true;
    for (const order of parked) order.askForRetry('the last retry', 'lee');
    return steps + (await this.#untilNothingHappens());
  }

  async #untilNothingHappens(): Promise<number> {
    const steps = await this.#scheduler.run();
    return this.#setting.isLossy ? steps + (await this.#sweeps.untilNothingIsFound()) : steps;
  }

  #isTame(): boolean {
    const { away, isLossy } = this.#setting;
    return this.#isCalm && this.#faults.areUnused && !isLossy && away === null;
  }

  #wentWell(): boolean {
    const { badMails, hasContact } = this.#setting;
    return this.#isTame() && badMails === 0 && hasContact;
  }

  #watch(service: Service, before: Stored, after: Stored, commit: Commit): void {
    const order = this.#orders.find(({ placed }) => placed.orderId === commit.sagaId);
    if (!order) return;
    order.judge(service, before, after, commit);
    if (this.#setting.shop.wallets['alice']?.balance === FULL) this.#database.fillWallet('alice');
    const [was, is] = [before, after].map((stored) => statusOf(stored, order.placed.orderId, service));
    if (was === is) return;
    this.#note(`  ${order.prefix}${service} is ${is ?? 'NOTHING'}`);
    if (service === 'notification' && is === 'FAILED') this.#callAnOperator(order);
  }

  #onTaken(service: Service, taken: Taken): void {
    // In a rough world an attempt may begin between the sweep's look and its commit.
    const isQuiet = this.#isCalm && this.#faults.areUnused && !this.#disasters.isSetBack;
    const isComparable = service === 'notification' && isQuiet;
    if (!isComparable) return;
    for (const { placed, record } of this.#orders) {
      const sinceAttempt = this.#scheduler.now - record.attemptBegunAt;
      this.#broken.push(...brokenBySweep(this.#database.stored, placed.orderId, taken, sinceAttempt));
    }
  }

  /** Mostly somebody comes and asks for a retry, though perhaps much later. */
  #callAnOperator(order: SimulatedOrder): void {
    if (order.retries >= 3 || this.#choices.pick(4) === 3) return;
    const key = `retry-${++order.retries}`;
    this.#scheduler.in(this.#faults.duration(), () => {
      this.#note(`  ${order.prefix}an operator asks for a retry`);
      order.askForRetry(key, 'kim');
    });
  }
}

const NO_TIME = '        ';

const clock = (now: number): string => new Date(now).toISOString().slice(11, 19);

const statusOf = (stored: Stored, orderId: SagaId, service: string): string | undefined =>
  (rowsOfOrder(stored, orderId) as Readonly<Record<string, { readonly status: string } | undefined>>)[service]
    ?.status;
