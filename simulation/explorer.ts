import type { EpochMillis } from '../core/event.js';
import { publishedTypesOf, roleOf } from '../core/choreography.js';
import type { Commit, StoredState, TransactionFate } from '../core/simulation/database.js';
import { ChosenFaults } from '../core/simulation/explore/chosen-fault.js';
import { NO_FAULT, type FaultKind } from '../core/simulation/explore/fault-kind.js';
import { ExploredWorld } from '../core/simulation/explore/explored-world.js';
import { Workers } from '../core/simulation/explore/in-hand.js';
import type { Answers } from '../core/simulation/explore/reduction.js';
import { SteppedScheduler } from '../core/simulation/explore/stepped.js';
import { watched } from '../core/simulation/explore/watched.js';
import { placeOrder } from '../db/order/place-order.js';
import { choreography, type EventType } from '../schemas/catalogue.js';
import { services, type Service } from '../schemas/services.js';
import { ShopDatabase } from './database.js';
import { orderId, placement } from './order.js';
import { brokenAtRest, brokenWhileParked, type AtRest } from './rules/at-rest.js';
import { balanceRules } from './rules/ledger-rules.js';
import type { OrderRecord } from './rules/order-record.js';
import { standard, type Setting } from './setting.js';
import { SimulatedOrder } from './simulated-order.js';
import { rowsOfOrder, type Shop, type Stored } from './stored.js';
import { Sweeps } from './sweeps.js';

const shop = (balance: number, keyboards: number): Shop => ({
  wallets: { alice: { balance, currency: placement.total.currency } },
  stock: { mouse: 10, keyboard: keyboards },
});

/** The ways that an order of two mice and three keyboards can go where nothing fails. */
export const scenarios = {
  'paid and in stock': shop(1_000_000, 10),
  'not enough money': shop(1_000, 10),
  'not in stock': shop(1_000_000, 2),
} as const satisfies Record<string, Shop>;

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
  commit('CONFLICT', 'a transaction meets a conflict, and is tried again'),
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
  readonly #setting: Setting;
  readonly #scheduler = new SteppedScheduler();
  readonly #workers = new Workers();
  readonly #faults: ChosenFaults;
  readonly #database: ShopDatabase;
  readonly #order: SimulatedOrder;
  readonly #sweeps: Sweeps;
  readonly #broken: string[] = [];
  #isStarted = false;

  constructor(shop: Shop, kind: FaultKind, budget: number) {
    const [scheduler, workers] = [this.#scheduler, this.#workers];
    const faults = (this.#faults = new ChosenFaults(kind, budget, () => this.#onTakenForDead()));
    const setting = (this.#setting = settingOf(shop, kind));
    const database = (this.#database = new ShopDatabase(
      shop,
      (service, before, after, commit) => this.#watch(service as Service, before, after, commit),
      () => scheduler.now as EpochMillis,
    ));
    const stored = () => database.stored;
    this.#order = new SimulatedOrder(
      {
        ...{ setting, scheduler, faults, database },
        tell: (what) => scheduler.tell(what),
        report: (broken) => void this.#broken.push(...broken),
        isTame: () => faults.areUnused,
        isSetBack: () => false,
        watched: (service, activities) => watched(service, activities, { scheduler, workers, stored }),
      },
      { orderId, placement },
      0,
    );
    this.#sweeps = new Sweeps(database, [this.#order], scheduler, () => undefined);
    const { temporal } = this.#order;
    this.explored = new ExploredWorld({
      ...{ choreography, scheduler, temporal, workers, faults, kind, stored, viewOf, answers },
      sagaId: orderId,
      heardBy: (service) => this.#heardBy(service),
      beside: () => this.#beside(),
      broken: () => this.#broken,
      atRest: () => this.#atRest(),
    });
  }

  async begin(): Promise<void> {
    void this.#place();
    await this.#scheduler.settled();
  }

  async #place(): Promise<void> {
    const commits = 'order is about to commit: the order';
    const fate = async (): Promise<TransactionFate> => {
      await this.#scheduler.turn(commits);
      return this.#faults.draw(commits, ['FAILS', 'ANSWER_LOST', 'CONFLICT'] as const) ?? 'COMMITS';
    };
    const store = () => placeOrder(this.#database.order(fate), orderId, placement, standard);
    for (let isStored = false; !isStored;)
      isStored = await store().then(
        () => true,
        () => false,
      );
    await this.#scheduler.turn('order starts order');
    this.#isStarted = true;
    if (this.#setting.isLossy && this.#faults.draw('API delivers the start', ['LOST'] as const)) return;
    this.#order.temporal.start('order');
  }

  /** What happens next, and what the rules say of it, depends on this beside what is stored. */
  #beside(): unknown {
    const { deliveries, mails, record } = this.#order;
    return [new Map(deliveries.landed), deliveries.madeUp, mails, this.#isStarted, rememberedIn(record)];
  }

  #heardBy(service: string): readonly string[] {
    const { journal } = this.#database.stored;
    return [...journal.values()]
      .map(({ event }) => event)
      .filter(({ payload }) => this.#order.deliveries.landed.has(`${service} ${payload.eventId}`))
      .map(({ type }) => type);
  }

  #onTakenForDead(): void {
    const execution = this.#scheduler.underWay;
    if (!execution) return;
    this.#workers.died(execution.service);
    execution.livesOn = true;
  }

  #watch(service: Service, before: Stored, after: Stored, commit: Commit): void {
    if (commit.sagaId === undefined) return;
    this.#order.judge(service, before, after, commit);
    this.#broken.push(...unforeseen(before, after));
    const [was, is] = [before, after].map((stored) => statusOf(stored, service));
    if (was !== is) this.#scheduler.tell(`  ${service} is ${is ?? 'NOTHING'}`);
  }

  /** Sweeps, and an operator where one is waited for, act on one schedule only: they come when all is at rest. */
  async #atRest(): Promise<readonly string[]> {
    const { isLossy, shop } = this.#setting;
    const order = this.#order;
    const wentWell = this.#faults.areUnused;
    this.#faults.end();
    if (isLossy) await this.#sweeps.untilNothingIsFound();
    if (order.open.includes('notification')) {
      this.#broken.push(...brokenWhileParked(order.rows, order.open));
      order.askForRetry('the last retry', 'lee');
      await this.#scheduler.run();
    }
    const { landed, madeUp } = order.deliveries;
    const world: AtRest = {
      ...{ shop, isLossy, landed, madeUp, wentWell, isSetBack: false, order: order.placed, others: 0 },
      ...{ stored: this.#database.stored, open: order.open, mails: order.mails },
    };
    this.#broken.push(...brokenAtRest(world), ...balanceRules(shop, world.stored));
    if (!isLossy) this.#broken.push(...(await this.#sweeps.findings()));
    return this.#broken;
  }
}

const settingOf = (shop: Shop, { isLossy = false }: FaultKind): Setting => ({
  ...{ isLossy, shop, orders: [{ orderId, placement }], waits: standard, hasContact: true },
  ...{ badMails: 0, mailFault: 'REFUSED', away: null },
});

/** A copy: what is written once must not change. */
function rememberedIn(record: OrderRecord): unknown {
  const { failedTries, dues, mailFates, attemptBegunAt, sends, tried } = record;
  const copiedDues = [...dues].map(([service, times]) => [service, new Set(times)] as const);
  return [
    ...[new Set(failedTries), new Map(copiedDues), new Map(mailFates)],
    ...[attemptBegunAt, new Map(sends), new Set(tried)],
  ];
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

const rowIn = (stored: Stored, service: string): { readonly status: string } | undefined =>
  (rowsOfOrder(stored, orderId) as Readonly<Record<string, { readonly status: string } | undefined>>)[
    service
  ];

const statusOf = (stored: Stored, service: string): string | undefined => rowIn(stored, service)?.status;

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
  const { inbox, journal, wallets, walletLedger, stock, stockLedger, operatorActions } = stored;
  const beside: Readonly<Record<string, readonly unknown[]>> = {
    payment: [wallets, walletLedger],
    inventory: [stock, stockLedger],
    notification: [operatorActions],
  };
  return [
    rowIn(stored, service),
    [...inbox.keys()].filter((key) => key.startsWith(`${service} `)).sort(),
    [...journal.values()].filter(({ publishedBy }) => publishedBy === roleOf(service)),
    beside[service],
  ];
}
