import { isDeepStrictEqual } from 'node:util';
import { tooLate } from '../core/activity/decision.js';
import { subscribersOf } from '../core/choreography.js';
import type { EpochMillis } from '../core/event.js';
import type { Taken } from '../core/sweep/sweep-store.js';
import { choreography } from '../schemas/catalogue.js';
import { limits } from '../schemas/limits.js';
import { services, type Service } from '../schemas/services.js';
import type { NotificationRow } from '../db/notification/notification-row.js';
import type { PlacedOrder } from '../db/order/order-row.js';
import type { AttemptKey } from './ports.js';
import { simulatedServices, type SimulatedService } from './services.js';
import { emptyShop, type Shop, type Stored } from './stored.js';

/** A world that has come to rest, as far as the rules speak of it. */
export interface AtRest {
  readonly shop: Shop;
  readonly stored: Stored;
  /** Participants that still run. */
  readonly open: readonly string[];
  /** Mails that the mail server took. */
  readonly mails: number;
  /** Signals that landed, by service and event id, without those that were made up. */
  readonly landed: ReadonlyMap<string, number>;
  /** Signals that no service may act on: altered ones, and ones that went astray. */
  readonly madeUp: number;
  /** Nothing failed, nobody was away, and one step followed the other. */
  readonly wentWell: boolean;
  /** What Temporal had confirmed was lost: then not every signal leaves a trace. */
  readonly isLossy: boolean;
  /** PostgreSQL was restored from a backup: then records are lost as well, and mails that it has forgotten are out. */
  readonly isSetBack: boolean;
}

/** What must hold whenever something has been committed, at this time of the world; says what does not. */
export function brokenByCommit(before: Stored, after: Stored, now: number): readonly string[] {
  return [
    ...timeRules(before, after, now),
    ...paymentRules(before, after),
    ...notificationRules(before.rows.notification, after.rows.notification),
    ...orderRules(before.rows.order as PlacedOrder | undefined, after.rows.order as PlacedOrder | undefined),
  ];
}

/**
 * What must hold when a mail is handed over, perhaps by a worker that was taken for dead: the attempt is on record
 * and has not ended, and a cancellation recorded since has announced that a mail may go out (R9).
 */
export function brokenByMail({ rows }: Stored, { round, number }: AttemptKey): readonly string[] {
  const { notification } = rows;
  const attempts = notification && 'attempts' in notification ? notification.attempts : [];
  const attempt = attempts.find((begun) => begun.round === round && begun.number === number);
  const isAnnounced = notification && 'announced' in notification && notification.announced;
  return [
    ...rule(attempt?.fate === null, 'a mail was handed over by no attempt that is under way'),
    ...rule(
      notification?.status !== 'REVOKED' || isAnnounced === true,
      'a mail was handed over after a cancellation that did not announce it',
    ),
  ];
}

/**
 * A sweep leaves a notification alone while attempts begin regularly: it would begin another one beside them.
 * `sinceAttempt` is how long ago the last one began, in ms.
 */
export function brokenBySweep(
  { rows, journal }: Stored,
  { sagas }: Taken,
  sinceAttempt: number,
): readonly string[] {
  const mustPublish = [...journal.values()].some(
    ({ event, deliveredTo }) => event.type.startsWith('OrderCompleted') && deliveredTo === null,
  );
  const isLook = sagas.some(({ unhandled }) => unhandled.length === 0) && !mustPublish;
  return rule(
    !isLook || rows.notification?.status !== 'SENDING' || sinceAttempt > RETRY_INTERVAL,
    `a sweep looked at a notification whose last attempt began ${sinceAttempt / 1_000} s before`,
  );
}

/** The product owner's, in ms. */
const RETRY_INTERVAL = 60_000;

/** Where a notification is parked, the order calls for a person; nobody else waits for the operator. */
export function brokenWhileParked({ rows }: Stored, open: readonly string[]): readonly string[] {
  const attention = rows.order && 'attention' in rows.order ? rows.order.attention : [];
  const isCalled = attention.some(({ code, clearedAt }) => code === 'NOTIFICATION_FAILED' && !clearedAt);
  return [
    ...rule(
      isCalled || rows.notification?.status !== 'FAILED',
      'the notification is parked, and nobody is called',
    ),
    ...open
      .filter((service) => service !== 'order' && service !== 'notification')
      .map((service) => `${service} waits for an operator`),
  ];
}

/** What must hold when nothing can happen any more; says what does not. */
export function brokenAtRest(world: AtRest): readonly string[] {
  const { order } = world.stored.rows;
  if (!order || order.status === 'NOTHING') return ['an accepted order was never stored'];
  return [
    ...outcomeRules(world, order),
    ...honestyRules(world, order),
    ...rowRules(world.stored, order),
    ...waitingRules(world, order),
    ...decisionRules(world.stored),
    ...recordRules(world),
    ...purposeRules(world, order),
  ];
}

const rule = (holds: boolean, broken: string): readonly string[] => (holds ? [] : [broken]);

/** An event has the time at which it came about, and no step begins near its deadline (R6). */
function timeRules(before: Stored, { journal }: Stored, now: number): readonly string[] {
  return [...journal.values()]
    .filter(({ event }) => !before.journal.has(event.payload.eventId))
    .flatMap(({ event: { type, payload } }) => {
      const cause =
        payload.causationId === null ? undefined : journal.get(payload.causationId)?.event.payload;
      const wait = cause && 'answerBy' in cause ? (cause as unknown as Wait) : undefined;
      const isStep = type === 'PaymentCompletedEvent' || type === 'InventoryReservedEvent';
      return [
        ...rule(payload.occurredAt === now, `${type} is dated ${now - payload.occurredAt} ms back`),
        ...rule(!isStep || !wait || !tooLate(wait, now as EpochMillis), `${type} came near its deadline`),
      ];
    });
}

type Wait = Parameters<typeof tooLate>[0];

function paymentRules(before: Stored, after: Stored): readonly string[] {
  const [was, is] = [before.rows.payment, after.rows.payment];
  const byTimer = is?.status === 'REFUNDED' && is.reason === 'INVENTORY_TIMEOUT';
  return [
    ...rule(!(byTimer && was?.status === 'CONFIRMED'), 'a timer refunded a confirmed payment'),
    ...rule(after.balance >= 0 && after.available >= 0, 'a balance or a stock went below zero'),
    ...rule(after.balance + after.charged <= limits.balance.max, 'a refund would not fit into the wallet'),
  ];
}

/** An attempt is allowed only while nothing says that the mail is out, or must not go out. */
function notificationRules(
  was: NotificationRow | undefined,
  is: NotificationRow | undefined,
): readonly string[] {
  const attempts = (row: NotificationRow | undefined) => (row && 'attempts' in row ? row.attempts : []);
  if (attempts(is).length <= attempts(was).length) return [];
  return [
    ...rule(
      attempts(was).every(({ fate }) => fate !== 'ACCEPTED'),
      'an attempt to send began although a mail was recorded as sent',
    ),
    ...rule(was?.status === 'SENDING', `an attempt to send began while ${was?.status ?? 'NOTHING'}`),
  ];
}

const edges: Readonly<Record<string, readonly string[]>> = {
  PENDING_PAYMENT: ['PAYMENT_FAILED', 'PAYMENT_COMPLETED'],
  PAYMENT_COMPLETED: ['OUT_OF_STOCK', 'INVENTORY_RESERVED'],
  INVENTORY_RESERVED: ['COMPLETED', 'OUT_OF_STOCK'],
  COMPLETED: ['OUT_OF_STOCK'],
};

function orderRules(was: PlacedOrder | undefined, is: PlacedOrder | undefined): readonly string[] {
  const [old, history] = [was?.history ?? [], is?.history ?? []];
  const steps = history.slice(Math.max(1, old.length)).map((entry, i) => {
    const from = history[Math.max(1, old.length) + i - 1]?.status ?? 'NOTHING';
    const wasReserved = from === 'INVENTORY_RESERVED' || from === 'COMPLETED';
    return [
      ...rule(edges[from]?.includes(entry.status) ?? false, `the order went from ${from} to ${entry.status}`),
      ...rule(
        entry.eventId !== null || !wasReserved,
        `a timer took the order from ${from} to ${entry.status}`,
      ),
    ];
  });
  return [
    ...steps.flat(),
    ...rule(history.length >= old.length, 'the status history became shorter'),
    ...rule(
      history.at(-1)?.status === is?.status || !is?.history,
      'the status is not the last of its history',
    ),
  ];
}

/** Money and stock: COMPLETED has both, every other final state has neither. */
function outcomeRules({ shop, stored }: AtRest, order: PlacedOrder): readonly string[] {
  const before = emptyShop(shop);
  const { amount } = order.placement.total;
  const pieces = order.placement.items.reduce((sum, { quantity }) => sum + quantity, 0);
  const isKept = order.status === 'COMPLETED' || order.status === 'INVENTORY_RESERVED';
  const charged = before.balance - stored.balance;
  const reserved = before.available - stored.available;
  return [
    ...rule(charged === (isKept ? amount : 0), `${order.status}, and ${charged} is charged`),
    ...rule(reserved === (isKept ? pieces : 0), `${order.status}, and ${reserved} pieces are reserved`),
    ...rule(
      !isKept || stored.rows.payment?.status === 'CONFIRMED',
      `${order.status}, and the payment is ${stored.rows.payment?.status ?? 'unknown'}`,
    ),
    ...rule(
      order.status !== 'COMPLETED' || stored.rows.notification?.status === 'SENT',
      `COMPLETED, and the notification is ${stored.rows.notification?.status ?? 'unknown'}`,
    ),
  ];
}

/** The rows agree with the outcome, and each cancellation has left its mark where it was sent (R5). */
function rowRules({ rows, journal }: Stored, order: PlacedOrder): readonly string[] {
  const payment = rows.payment?.status ?? 'NOTHING';
  const inventory = rows.inventory?.status ?? 'NOTHING';
  const notification = rows.notification?.status ?? 'NOTHING';
  const isKept = order.status === 'COMPLETED' || order.status === 'INVENTORY_RESERVED';
  const cancellations = [...journal.values()].filter(({ event }) => event.type === 'PaymentCancelledEvent');
  const isOrderCancelled = [...journal.values()].some(({ event }) => event.type === 'OrderCancelledEvent');
  const isUndone = cancellations.some(({ causeType }) => causeType !== 'InventoryReservationFailedEvent');
  const shows = (status: string, ...allowed: readonly string[]) => allowed.includes(status);
  return [
    ...rule(
      isKept || !shows(payment, 'CHARGED', 'CONFIRMED'),
      `${order.status}, and the payment is ${payment}`,
    ),
    ...rule(isKept || inventory !== 'RESERVED', `${order.status}, and the reservation is ${inventory}`),
    ...rule(
      !isOrderCancelled || shows(payment, 'DECLINED', 'VOID', 'REFUNDED'),
      `the order was cancelled, and the payment is ${payment}`,
    ),
    ...rule(
      !isUndone || shows(inventory, 'RELEASED', 'REJECTED'),
      `the payment was cancelled, and the reservation is ${inventory}`,
    ),
    ...rule(
      !isUndone || shows(notification, 'REVOKED', 'SENT'),
      `the payment was cancelled, and the notification is ${notification}`,
    ),
  ];
}

/** What the shop is there for: where all goes well, who can pay for what is there gets it. */
function purposeRules({ shop, wentWell, stored }: AtRest, order: PlacedOrder): readonly string[] {
  const { amount } = order.placement.total;
  if (!wentWell) return [];
  const canPay = (shop.balance ?? 0) >= amount;
  const isThere = (shop.available ?? 0) > 0;
  const expected = !canPay ? 'PAYMENT_FAILED' : !isThere ? 'OUT_OF_STOCK' : 'COMPLETED';
  return [
    ...rule(
      order.status === expected,
      `all went well, and the order is ${order.status} instead of ${expected}`,
    ),
    ...rule(stored.journal.size > 1, 'nobody answered'),
  ];
}

/** What the customer was told is on the order, and where it has become wrong somebody is called (R9). */
function honestyRules(
  { mails, isSetBack }: AtRest,
  { status, toldAt, attention }: PlacedOrder,
): readonly string[] {
  const isFlagged = attention.some(({ code }) => code === 'CUSTOMER_TOLD_THEN_REFUNDED');
  return [
    ...rule(
      mails === 0 || toldAt !== null || !isFinal(status) || isSetBack,
      `${mails} mails went out, and the order does not know`,
    ),
    ...rule(status !== 'COMPLETED' || (mails > 0 && toldAt !== null), 'COMPLETED, and nobody was told'),
    ...rule(
      status === 'COMPLETED' || toldAt === null || !isFinal(status) || isFlagged,
      `${status}, told, and not flagged`,
    ),
  ];
}

const isFinal = (status: string) => ['COMPLETED', 'PAYMENT_FAILED', 'OUT_OF_STOCK'].includes(status);

/** Nothing is left to wait for: every participant has closed, and the order is final. */
function waitingRules({ open }: AtRest, order: PlacedOrder): readonly string[] {
  return [
    ...open.map((service) => `${service} waits for what cannot come`),
    ...rule(isFinal(order.status), `the order stays ${order.status}`),
  ];
}

/**
 * At rest every service has drawn its conclusions, whatever the service: by its own decision table, nothing that was
 * sent to it and no wait that is over would still change its row.
 */
function decisionRules({ rows, journal }: Stored): readonly string[] {
  const rowOf = (service: Service): unknown =>
    (rows as Readonly<Record<string, unknown>>)[service] ?? { status: 'NOTHING' };
  const stillChanges = (service: Service, input: unknown): boolean => {
    const { decide }: SimulatedService = simulatedServices[service];
    const decision = decide(rowOf(service) as never, input as never, END_OF_TIME);
    if (decision.kind !== 'change') return decision.kind === 'do';
    return decision.emit !== undefined || !isDeepStrictEqual(decision.row, rowOf(service));
  };
  const events = [...journal.values()].flatMap(({ event, causeType }) =>
    subscribersOf(choreography, event.type, causeType)
      .filter((service) => stillChanges(service as Service, event))
      .map((service) => `${event.type} would still change ${service}`),
  );
  const waits = services.flatMap((service) => {
    const { waits = [] }: SimulatedService = simulatedServices[service];
    return waits
      .filter((wait) => stillChanges(service, { type: 'TIMEOUT', wait }))
      .map((wait) => `${service} still waits for the ${wait}`);
  });
  return [...events, ...waits];
}

/** Later than any deadline. */
const END_OF_TIME = Date.UTC(2100, 0, 1) as EpochMillis;

/** Everything published has been delivered, and every service is at rest. */
function recordRules(world: AtRest): readonly string[] {
  const { journal, unfinished } = world.stored;
  const undelivered = [...journal.values()].filter(({ deliveredTo }) => deliveredTo === null);
  const open = [...unfinished].filter(([, { restedAt }]) => restedAt === null);
  return [
    ...undelivered.map(({ event }) => `${event.type} was never delivered to everybody`),
    ...open.map(([service]) => `${service} stays unfinished`),
    ...quarantineRules(world),
    ...(world.isLossy ? [] : repeatRules(world)),
  ];
}

/** Nothing genuine is in quarantine, and what is made up gets there unless it is lost on the way. */
function quarantineRules({ stored, madeUp, isLossy, isSetBack }: AtRest): readonly string[] {
  const quarantined = [...stored.quarantine.values()].reduce((sum, seen) => sum + seen, 0);
  const isRight = isLossy ? quarantined <= madeUp : quarantined === madeUp;
  return rule(isRight || isSetBack, `${madeUp} signals were made up, and ${quarantined} are in quarantine`);
}

/** Every repeat is counted. */
function repeatRules({ stored, landed }: AtRest): readonly string[] {
  return [...landed].flatMap(([key, times]) => {
    const counted = [...stored.drops]
      .filter(([id]) => id.startsWith(`${key} REPEAT `))
      .reduce((sum, [, seen]) => sum + seen, 0);
    return rule(counted === times - 1, `${key} came ${times} times, and ${counted} repeats were counted`);
  });
}
