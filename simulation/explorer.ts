import type { EpochMillis } from '../core/event.js';
import { publishedTypesOf, roleOf } from '../core/choreography.js';
import type { StoredState, TransactionFate } from '../core/simulation/database.js';
import { ChosenFaults } from '../core/simulation/explore/chosen-fault.js';
import { NO_FAULT, type FaultKind } from '../core/simulation/explore/fault-kind.js';
import { ExploredWorld } from '../core/simulation/explore/explored-world.js';
import { Workers } from '../core/simulation/explore/in-hand.js';
import type { Answers } from '../core/simulation/explore/reduction.js';
import { SteppedScheduler } from '../core/simulation/explore/stepped.js';
import { watched } from '../core/simulation/explore/watched.js';
import { SimulatedTemporal } from '../core/simulation/temporal.js';
import type { Execution } from '../core/simulation/worker.js';
import { placeOrder } from '../db/order/place-order.js';
import { choreography, type EventType } from '../schemas/catalogue.js';
import { services } from '../schemas/services.js';
import { activitiesIn } from './activities.js';
import { ShopDatabase } from './database.js';
import { Deliveries } from './deliveries.js';
import { brokenAtRest, brokenByCommit, brokenByMail, brokenWhileParked, type AtRest } from './invariants.js';
import type { MailFault } from './mail-faults.js';
import { orderId, placement } from './order.js';
import { scriptOf } from './participants.js';
import type { AttemptKey } from './ports.js';
import { standard } from './setting.js';
import type { Shop, Stored } from './stored.js';
import { Sweeps } from './sweeps.js';

/** What there is before the order is placed, and whether a mail can be sent at all. */
export interface Scenario {
  readonly shop: Shop;
  readonly hasContact: boolean;
}

/** The ways that an order can go where nothing fails. */
export const scenarios = {
  'paid and in stock': { shop: { balance: 1_000_000, available: 10 }, hasContact: true },
  'not enough money': { shop: { balance: 1_000, available: 10 }, hasContact: true },
  'not in stock': { shop: { balance: 1_000_000, available: 0 }, hasContact: true },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

const isDelivery = (what: string): boolean => what.includes('delivers ');
const isCommit = (what: string): boolean => what.includes(' is about to commit: ');
const isMail = (what: string): boolean => what.includes('hands the mail over');

const delivery = (fault: string, name: string, more: Partial<FaultKind> = {}): FaultKind => ({
  name,
  strikes: (what, met) => isDelivery(what) && met === fault,
  ...more,
});
const commit = (fault: string, name: string): FaultKind => ({
  name,
  strikes: (what, met) => isCommit(what) && met === fault,
});
const mail = (fault: string, name: string): FaultKind => ({
  name,
  strikes: (what, met) => isMail(what) && met === fault,
});

/** Every kind of fault that is explored, each by itself. */
export const faultKinds: readonly FaultKind[] = [
  NO_FAULT,
  commit('FAILS', 'a transaction fails'),
  commit('ANSWER_LOST', 'a transaction commits, and the answer is lost'),
  delivery('FAILS', 'a delivery fails'),
  delivery('ANSWER_LOST', 'a delivery is done, and the answer is lost'),
  delivery('TWICE', 'a delivery is done twice'),
  delivery('LATER', 'a delivery fails, and is done later all the same'),
  delivery('ALTERED', 'an altered copy of an event comes first'),
  delivery('ASTRAY', 'an event goes to a service that it is not meant for', { reachesAnybody: true }),
  delivery('LOST', 'a delivery seems done, and is lost', { isLossy: true }),
  { name: 'a worker dies', befalls: 'CRASH' },
  {
    name: 'a worker is taken for dead, and goes on later',
    strikes: (_, met) => met === 'TAKEN_FOR_DEAD',
  },
  {
    name: 'a worker dies, and there is no other for a while',
    befalls: [6_000, 179_000, 185_000, 299_000, 301_000, 599_000, 700_000],
  },
  { name: 'a step takes longer than any deadline', holds: true },
  mail('REFUSED', 'the mail server refuses a mail'),
  mail('SENT_BUT_LOST', 'the mail server takes a mail, and the answer is lost'),
  mail('CUT', 'the connection to the mail server is cut'),
  { name: 'a participant is terminated', befalls: 'TERMINATED', isLossy: true },
  { name: 'a history becomes long', strikes: (_, met) => met === 'LONG_HISTORY' },
];

/** Begins a world in which one order is placed, and at most `budget` faults of the kind happen. */
export async function openWorld(
  name: ScenarioName,
  kind: FaultKind = NO_FAULT,
  budget = 1,
): Promise<ExploredWorld> {
  const world = new ExploredShop(scenarios[name], kind, budget);
  await world.begin();
  return world.explored;
}

class ExploredShop {
  readonly explored: ExploredWorld;
  readonly #scenario: Scenario;
  readonly #kind: FaultKind;
  readonly #scheduler = new SteppedScheduler();
  readonly #workers = new Workers();
  readonly #faults: ChosenFaults;
  readonly #temporal: SimulatedTemporal;
  readonly #database: ShopDatabase;
  readonly #deliveries: Deliveries;
  readonly #sweeps: Sweeps;
  readonly #broken: string[] = [];
  #mails = 0;
  #isStarted = false;

  constructor(scenario: Scenario, kind: FaultKind, budget: number) {
    this.#scenario = scenario;
    this.#kind = kind;
    const { isLossy = false } = kind;
    const [scheduler, workers] = [this.#scheduler, this.#workers];
    this.#faults = new ChosenFaults(kind, budget, () => this.#onTakenForDead());
    const tell = (what: string) => scheduler.tell(what);
    this.#temporal = new SimulatedTemporal(services, scriptOf, {
      ...{ scheduler, faults: this.#faults, tell, words: {} },
    });
    const now = () => scheduler.now as EpochMillis;
    this.#database = new ShopDatabase(
      scenario.shop,
      (service, before, after) => this.#watch(service, before, after),
      now,
    );
    this.#deliveries = new Deliveries(this.#temporal, scheduler, this.#faults, { isLossy });
    const deliver = (execution: Execution) => this.#deliveries.by(execution);
    const [database, temporal] = [this.#database, this.#temporal];
    const activities = activitiesIn({
      ...{ database, waits: standard, now, deliver },
      hasContact: () => scenario.hasContact,
      sendMail: (attempt, fault) => this.#sendMail(attempt, fault),
    });
    const stored = () => database.stored;
    temporal.work(
      Object.fromEntries(
        services.map((service) => [
          service,
          watched(service, activities[service], { scheduler, workers, stored }),
        ]),
      ),
    );
    this.#sweeps = new Sweeps(database, temporal, scheduler, deliver, () => undefined);
    this.explored = new ExploredWorld({
      ...{ choreography, scheduler, temporal, workers, faults: this.#faults, kind, stored, viewOf, answers },
      heardBy: (service) => this.#heardBy(service),
      beside: () => [new Map(this.#deliveries.landed), this.#deliveries.madeUp, this.#mails, this.#isStarted],
      broken: () => this.#broken,
      atRest: () => this.#atRest(),
    });
  }

  async begin(): Promise<void> {
    void this.#place();
    await this.#scheduler.settled();
  }

  async #place(): Promise<void> {
    const fate = async (): Promise<TransactionFate> => {
      await this.#scheduler.turn('order is about to commit: the order');
      return (
        this.#faults.draw('order is about to commit: the order', ['FAILS', 'ANSWER_LOST'] as const) ??
        'COMMITS'
      );
    };
    const store = () => placeOrder(this.#database.order(fate), orderId, placement, standard);
    for (let isStored = false; !isStored;)
      isStored = await store().then(
        () => true,
        () => false,
      );
    await this.#scheduler.turn('order starts order');
    this.#isStarted = true;
    if (this.#kind.isLossy && this.#faults.draw('API delivers the start', ['LOST'] as const)) return;
    this.#temporal.start('order');
  }

  #heardBy(service: string): readonly string[] {
    const { journal } = this.#database.stored;
    return [...journal.values()]
      .map(({ event }) => event)
      .filter(({ payload }) => this.#deliveries.landed.has(`${service} ${payload.eventId}`))
      .map(({ type }) => type);
  }

  #onTakenForDead(): void {
    const execution = this.#scheduler.underWay;
    if (!execution) return;
    this.#workers.died(execution.service);
    execution.livesOn = true;
  }

  #watch(service: string, before: Stored, after: Stored): void {
    this.#broken.push(...brokenByCommit(before, after, this.#scheduler.now), ...unforeseen(before, after));
    const [was, is] = [statusOf(before, service), statusOf(after, service)];
    if (was !== is) this.#scheduler.tell(`  ${service} is ${is ?? 'NOTHING'}`);
  }

  #sendMail(attempt: AttemptKey, fault: MailFault | undefined): Promise<void> {
    this.#broken.push(...brokenByMail(this.#database.stored, attempt));
    if (fault !== 'REFUSED' && fault !== 'CUT') this.#mails++;
    if (fault === 'REFUSED')
      return Promise.reject(Object.assign(new Error('450 later'), { responseCode: 450 }));
    if (fault === 'CUT' || fault === 'SENT_BUT_LOST') return Promise.reject(new Error('connection lost'));
    return Promise.resolve();
  }

  /** Sweeps, and an operator where one is waited for, act on one schedule only: they come when all is at rest. */
  async #atRest(): Promise<readonly string[]> {
    const { isLossy = false } = this.#kind;
    const wentWell = this.#faults.areUnused;
    this.#faults.end();
    if (isLossy) await this.#sweeps.untilNothingIsFound();
    if (this.#open().includes('notification')) {
      this.#broken.push(...brokenWhileParked(this.#database.stored, this.#open()));
      this.#temporal.askForRetry('notification', 'the last retry', 'lee');
      await this.#scheduler.run();
    }
    const { landed, madeUp } = this.#deliveries;
    const world: AtRest = {
      ...{ shop: this.#scenario.shop, isLossy, landed, madeUp, wentWell, isSetBack: false },
      ...{ stored: this.#database.stored, open: this.#open(), mails: this.#mails },
    };
    this.#broken.push(...brokenAtRest(world));
    if (!isLossy) this.#broken.push(...(await this.#sweeps.findings()));
    return this.#broken;
  }

  #open(): readonly string[] {
    return this.#temporal.runs.filter(({ isClosed }) => !isClosed).map(({ service }) => service);
  }
}

/** By the decision tables. A service that is not listed may answer whatever it publishes. */
const knownAnswers: Readonly<Record<string, Readonly<Partial<Record<EventType, readonly EventType[]>>>>> = {
  order: { OrderCreatedEvent: ['OrderCancelledEvent'] },
  payment: {
    OrderCreatedEvent: ['PaymentCompletedEvent', 'PaymentFailedEvent'],
    PaymentCompletedEvent: ['PaymentCancelledEvent'],
    InventoryReservationFailedEvent: ['PaymentCancelledEvent'],
    OrderCancelledEvent: ['PaymentFailedEvent', 'PaymentCancelledEvent'],
  },
  inventory: { PaymentCompletedEvent: ['InventoryReservedEvent', 'InventoryReservationFailedEvent'] },
  notification: {
    InventoryReservedEvent: ['OrderCompletedNotificationSentEvent', 'OrderCompletedNotificationFailedEvent'],
    PaymentCancelledEvent: ['OrderCompletedNotificationSentEvent'],
  },
};

const answers: Answers = (service, causeType) =>
  (knownAnswers[service] ?? { [causeType]: publishedTypesOf(choreography, service) })[
    causeType as EventType
  ] ?? [];

const unforeseen = (before: Stored, { journal }: Stored): readonly string[] =>
  [...journal.values()]
    .filter(({ event }) => !before.journal.has(event.payload.eventId))
    .filter(({ event, causeType, publishedBy }) => {
      const publisher = services.find((service) => roleOf(service) === publishedBy) ?? '';
      return causeType !== null && !answers(publisher, causeType).includes(event.type);
    })
    .map(({ event, causeType }) => `${event.type} was emitted because of ${causeType}, which nobody foresaw`);

const statusOf = ({ rows }: Stored, service: string): string | undefined =>
  (rows as Readonly<Record<string, { readonly status: string } | undefined>>)[service]?.status;

/** A service's rows, keys and events, and the money or stock that only it moves. */
function viewOf(service: string, stored: StoredState): unknown {
  const views = viewsOf.get(stored) ?? new Map<string, unknown>();
  viewsOf.set(stored, views);
  const known = views.get(service);
  const view = known ?? readView(service, stored as Stored);
  views.set(service, view);
  return view;
}

const viewsOf = new WeakMap<StoredState, Map<string, unknown>>();

function readView(service: string, stored: Stored): unknown {
  const { rows, inbox, journal, balance, charged, wallet, available, stock, operatorActions } = stored;
  const beside: Readonly<Record<string, readonly unknown[]>> = {
    payment: [balance, charged, wallet],
    inventory: [available, stock],
    notification: [operatorActions],
  };
  return [
    (rows as Readonly<Record<string, unknown>>)[service],
    [...inbox.keys()].filter((key) => key.startsWith(`${service} `)).sort(),
    [...journal.values()].filter(({ publishedBy }) => publishedBy === roleOf(service)),
    beside[service],
  ];
}
