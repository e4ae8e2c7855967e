import { isDeepStrictEqual } from 'node:util';
import { sagaIdOf, subscribersOf } from '../../core/choreography.js';
import type { EpochMillis } from '../../core/event.js';
import type { StoredEvent } from '../../core/simulation/database.js';
import type { PlacedOrder } from '../../db/order/order-row.js';
import { choreography } from '../../schemas/catalogue.js';
import { isFinal } from '../../schemas/order-status.js';
import { services, type Service } from '../../schemas/services.js';
import type { WorldsOrder } from '../order.js';
import { simulatedServices, type SimulatedService } from '../services.js';
import { chargedFor, reservedFor, rowsOfOrder, type Rows, type Shop, type Stored } from '../stored.js';
import { rule } from './rule.js';

/** An order of a world that has come to rest, as far as the rules speak of it. */
export interface AtRest {
  readonly order: WorldsOrder;
  /** How many orders the world has beside it. */
  readonly others: number;
  readonly shop: Shop;
  readonly stored: Stored;
  /** Participants that still run. */
  readonly open: readonly string[];
  /** Mails that the mail server took. */
  readonly mails: number;
  /** Signals that landed, by service and event id, without those that were made up. */
  readonly landed: ReadonlyMap<string, number>;
  /** Signals that no service may act on, by service, why it goes to quarantine, and the signal's name. */
  readonly madeUp: ReadonlyMap<string, number>;
  /** Nothing failed, nobody was away, and one step followed the other. */
  readonly wentWell: boolean;
  /** What Temporal had confirmed was lost: then not every signal leaves a trace. */
  readonly isLossy: boolean;
  /** PostgreSQL was restored from a backup: then records are lost as well, and mails that it has forgotten are out. */
  readonly isSetBack: boolean;
}

/** Where a notification is parked, the order calls for a person; nobody else waits for the operator. */
export function brokenWhileParked(rows: Rows, open: readonly string[]): readonly string[] {
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
  const { stored, order: placed } = world;
  const rows = rowsOfOrder(stored, placed.orderId);
  const { order } = rows;
  if (!order || order.status === 'NOTHING') return ['an accepted order was never stored'];
  const events = [...stored.journal.values()].filter(
    ({ event }) => sagaIdOf(choreography, event) === placed.orderId,
  );
  return [
    ...outcomeRules(world, rows, order),
    ...honestyRules(world, order, events),
    ...cancellationRules(rows, order, events),
    ...waitingRules(world, order),
    ...decisionRules(rows, events),
    ...recordRules(world, events),
    ...purposeRules(world, order, events),
  ];
}

/** Money and stock: COMPLETED has both, every other final state has neither. */
function outcomeRules({ stored, order: placed }: AtRest, rows: Rows, order: PlacedOrder): readonly string[] {
  const { orderId, placement } = placed;
  const isKept = order.status === 'COMPLETED' || order.status === 'INVENTORY_RESERVED';
  const charged = chargedFor(stored, orderId);
  const reserved = reservedFor(stored, orderId);
  return [
    ...rule(charged === (isKept ? placement.total.amount : 0), `${order.status}, and ${charged} is charged`),
    ...placement.items.flatMap(({ sku, quantity }) =>
      rule(
        (reserved[sku] ?? 0) === (isKept ? quantity : 0),
        `${order.status}, and ${reserved[sku] ?? 0} pieces of ${sku} are reserved`,
      ),
    ),
    ...rule(
      !isKept || rows.payment?.status === 'CONFIRMED',
      `${order.status}, and the payment is ${rows.payment?.status ?? 'unknown'}`,
    ),
    ...rule(
      order.status !== 'COMPLETED' || rows.notification?.status === 'SENT',
      `COMPLETED, and the notification is ${rows.notification?.status ?? 'unknown'}`,
    ),
  ];
}

/** The rows agree with the outcome, and each cancellation has left its mark where it was sent (R5). */
function cancellationRules(
  rows: Rows,
  order: PlacedOrder,
  events: readonly StoredEvent[],
): readonly string[] {
  const payment = rows.payment?.status ?? 'NOTHING';
  const inventory = rows.inventory?.status ?? 'NOTHING';
  const notification = rows.notification?.status ?? 'NOTHING';
  const isKept = order.status === 'COMPLETED' || order.status === 'INVENTORY_RESERVED';
  const cancellations = events.filter(({ event }) => event.type === 'PaymentCancelledEvent');
  const isOrderCancelled = events.some(({ event }) => event.type === 'OrderCancelledEvent');
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

/** Failures that are nobody's fault: there is too little money, or too few pieces. */
const blameless = ['INSUFFICIENT_BALANCE', 'NO_WALLET', 'OUT_OF_STOCK', 'UNKNOWN_SKU'];

/** What the shop is there for: where all goes well, who can pay for what is there gets it. */
function purposeRules(
  { shop, wentWell, others, order: { placement } }: AtRest,
  order: PlacedOrder,
  events: readonly StoredEvent[],
): readonly string[] {
  if (!wentWell) return [];
  const { customerId, total, items } = placement;
  const wallet = shop.wallets[customerId];
  const needed = others === 0 ? total.amount : MORE_THAN_ANY;
  const canPay = wallet?.currency === total.currency && wallet.balance >= needed;
  const isThere = items.every(
    ({ sku, quantity }) => (shop.stock[sku] ?? -1) >= (others === 0 ? quantity : 50),
  );
  const hasFailed = order.status === 'PAYMENT_FAILED' || order.status === 'OUT_OF_STOCK';
  return [
    ...rule(
      !(canPay && isThere) || order.status === 'COMPLETED',
      `all went well, and the order is ${order.status}`,
    ),
    ...rule(
      !hasFailed || blameless.includes(order.reason ?? ''),
      `all went well, and the order is ${order.status} because of ${order.reason}`,
    ),
    ...rule(events.length > 1, 'nobody answered'),
  ];
}

/** Several orders of one customer cost less. */
const MORE_THAN_ANY = 10_000_000;

/** What the customer was told is on the order, and where it has become wrong somebody is called (R9). */
function honestyRules(
  { mails, isSetBack }: AtRest,
  { status, toldAt, refundedAt, attention }: PlacedOrder,
  events: readonly StoredEvent[],
): readonly string[] {
  const isFlagged = attention.some(
    ({ code, clearedAt }) => code === 'CUSTOMER_TOLD_THEN_REFUNDED' && clearedAt === null,
  );
  const timesOf = (type: string) =>
    events.filter(({ event }) => event.type === type).map(({ event }) => event.payload.occurredAt as number);
  const toldTimes = timesOf('OrderCompletedNotificationSentEvent');
  const [refundedTime = null] = timesOf('PaymentCancelledEvent');
  const open = attention.filter(({ clearedAt }) => clearedAt === null).map(({ code }) => code);
  return [
    ...rule(
      mails === 0 || toldAt !== null || !isFinal(status) || isSetBack,
      `${mails} mails went out, and the order does not know`,
    ),
    ...rule(status !== 'COMPLETED' || (mails > 0 && toldAt !== null), 'COMPLETED, and nobody was told'),
    ...rule(
      status === 'COMPLETED' || toldAt === null || !isFinal(status) || isFlagged,
      `${status}, told, and nobody is called`,
    ),
    ...rule(
      toldAt === null ? toldTimes.length === 0 : toldTimes.includes(toldAt),
      'the order does not say when the customer was told',
    ),
    ...rule(refundedAt === refundedTime, 'the order does not say when the money went back'),
    ...rule(status !== 'COMPLETED' || open.length === 0, `COMPLETED, and called for is ${open.join()}`),
  ];
}

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
function decisionRules(rows: Rows, stored: readonly StoredEvent[]): readonly string[] {
  const rowOf = (service: Service): unknown =>
    (rows as Readonly<Record<string, unknown>>)[service] ?? { status: 'NOTHING' };
  const stillChanges = (service: Service, input: unknown): boolean => {
    const { decide }: SimulatedService = simulatedServices[service];
    const decision = decide(rowOf(service) as never, input as never, END_OF_TIME);
    if (decision.kind !== 'change') return decision.kind === 'do';
    return decision.emit !== undefined || !isDeepStrictEqual(decision.row, rowOf(service));
  };
  const events = stored.flatMap(({ event, causeType }) =>
    subscribersOf(choreography, event.type, causeType)
      .filter((service) => stillChanges(service as Service, event))
      .map((service) => `${event.type} would still change ${service}`),
  );
  const waits = services.flatMap((service) => {
    const { waits: named = [] }: SimulatedService = simulatedServices[service];
    return named
      .filter((wait) => stillChanges(service, { type: 'TIMEOUT', wait }))
      .map((wait) => `${service} still waits for the ${wait}`);
  });
  return [...events, ...waits];
}

/** Later than any deadline. */
const END_OF_TIME = Date.UTC(2100, 0, 1) as EpochMillis;

/** Everything published has been delivered and has left a trace where it went, and every service is at rest. */
function recordRules(world: AtRest, events: readonly StoredEvent[]): readonly string[] {
  const { unfinished, inbox, refused } = world.stored;
  const undelivered = events.filter(({ deliveredTo }) => deliveredTo === null);
  const open = [...unfinished].filter(
    ([id, { restedAt }]) => restedAt === null && id.endsWith(world.order.orderId),
  );
  const traceless = events.flatMap(({ event, causeType }) =>
    subscribersOf(choreography, event.type, causeType)
      .map((service) => `${service} ${event.payload.eventId}`)
      .filter((id) => !inbox.has(id) && !refused.has(id))
      .map(() => `${event.type} has left no trace where it went`),
  );
  return [
    ...undelivered.map(({ event }) => `${event.type} was never delivered to everybody`),
    ...traceless,
    ...open.map(([id]) => `${id.split(' ')[0]} stays unfinished`),
    ...quarantineRules(world),
    ...operatorRules(world),
    ...(world.isLossy ? [] : repeatRules(world)),
  ];
}

/** Who asked while nothing was parked was refused, and whoever is on record has a name. */
function operatorRules({ stored, isLossy, order: { orderId } }: AtRest): readonly string[] {
  const operators = [...stored.operatorActions.values()].filter((action) => action.orderId === orderId);
  return operators.flatMap(({ operator }) =>
    rule(
      operator === 'kim' || operator === 'lee' || (isLossy && operator === 'early'),
      `a retry by ${operator || 'nobody'} is on record`,
    ),
  );
}

/** Nothing genuine is in quarantine, and what is made up gets there, by its reason, unless it is lost on the way. */
function quarantineRules({
  stored,
  madeUp,
  isLossy,
  isSetBack,
  order: { orderId },
}: AtRest): readonly string[] {
  const found = new Map<string, number>();
  for (const [id, seen] of stored.quarantine) {
    const kind = id.split(' ').slice(0, 3).join(' ');
    if (id.includes(`-${orderId}-`)) found.set(kind, (found.get(kind) ?? 0) + seen);
  }
  if (isSetBack) return [];
  return [...new Set([...madeUp.keys(), ...found.keys()])].flatMap((kind) => {
    const [made, kept] = [madeUp.get(kind) ?? 0, found.get(kind) ?? 0];
    return rule(
      isLossy ? kept <= made : kept === made,
      `${made} signals were made up (${kind}), and ${kept} are in quarantine`,
    );
  });
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
