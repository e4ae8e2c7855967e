import type { NotificationRow } from '../db/notification/notification-row.js';
import type { PlacedOrder } from '../db/order/order-row.js';
import type { Service } from '../schemas/services.js';
import { emptyShop, type Shop, type Stored } from './stored.js';

/** A world that has come to rest, as far as the rules speak of it. */
export interface AtRest {
  readonly shop: Shop;
  readonly stored: Stored;
  /** Participants that still run. */
  readonly open: readonly Service[];
  /** Mails that the mail server took. */
  readonly mails: number;
  /** Signals that landed, by service and event id, without those that were made up. */
  readonly landed: ReadonlyMap<string, number>;
  /** Signals that no service may act on: altered ones, and ones that went astray. */
  readonly madeUp: number;
}

/** What must hold whenever something has been committed; says what does not. */
export function brokenByCommit(before: Stored, after: Stored): readonly string[] {
  return [
    ...paymentRules(before, after),
    ...notificationRules(before.rows.notification, after.rows.notification),
    ...orderRules(before.rows.order as PlacedOrder | undefined, after.rows.order as PlacedOrder | undefined),
  ];
}

/** What must hold when nothing can happen any more; says what does not. */
export function brokenAtRest(world: AtRest): readonly string[] {
  const { order } = world.stored.rows;
  if (!order || order.status === 'NOTHING') return ['an accepted order was never stored'];
  return [
    ...outcomeRules(world, order),
    ...honestyRules(world, order),
    ...waitingRules(world, order),
    ...recordRules(world),
  ];
}

const rule = (holds: boolean, broken: string): readonly string[] => (holds ? [] : [broken]);

function paymentRules(before: Stored, after: Stored): readonly string[] {
  const [was, is] = [before.rows.payment, after.rows.payment];
  const byTimer = is?.status === 'REFUNDED' && is.reason === 'INVENTORY_TIMEOUT';
  return [
    ...rule(!(byTimer && was?.status === 'SETTLED'), 'a timer refunded a settled payment'),
    ...rule(after.balance >= 0 && after.available >= 0, 'a balance or a stock went below zero'),
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
    return rule(
      edges[from]?.includes(entry.status) ?? false,
      `the order went from ${from} to ${entry.status}`,
    );
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
      !isKept || stored.rows.payment?.status === 'SETTLED',
      `${order.status}, and the payment is ${stored.rows.payment?.status ?? 'unknown'}`,
    ),
    ...rule(
      order.status !== 'COMPLETED' || stored.rows.notification?.status === 'SENT',
      `COMPLETED, and the notification is ${stored.rows.notification?.status ?? 'unknown'}`,
    ),
  ];
}

/** What the customer was told is on the order, and where it has become wrong somebody is called (R9). */
function honestyRules({ mails }: AtRest, { status, toldAt, attention }: PlacedOrder): readonly string[] {
  const isFlagged = attention.some(({ code }) => code === 'CUSTOMER_TOLD_THEN_REFUNDED');
  return [
    ...rule(
      mails === 0 || toldAt !== null || !isFinal(status),
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

/** Only an order whose notification is parked may wait, since an operator can still come. */
function waitingRules({ stored, open }: AtRest, order: PlacedOrder): readonly string[] {
  const isParked = stored.rows.notification?.status === 'FAILED';
  const mayWait: readonly Service[] = isParked ? ['order', 'notification'] : [];
  const isCalled = order.attention.some(
    ({ code, clearedAt }) => code === 'NOTIFICATION_FAILED' && !clearedAt,
  );
  return [
    ...open
      .filter((service) => !mayWait.includes(service))
      .map((service) => `${service} waits for what cannot come`),
    ...rule(isFinal(order.status) || isParked, `the order stays ${order.status}`),
    ...rule(
      !isParked || isFinal(order.status) || isCalled,
      'the notification is parked, and nobody is called',
    ),
    ...rule(
      !isParked || open.includes('notification'),
      'the notification is FAILED, and no participant is parked',
    ),
    ...rule(
      !isParked || order.status === 'INVENTORY_RESERVED',
      `the notification is parked, the order ${order.status}`,
    ),
  ];
}

/** Everything published has been delivered; every repeat is counted; nothing genuine is in quarantine. */
function recordRules({ stored, open, landed, madeUp }: AtRest): readonly string[] {
  const undelivered = [...stored.journal.values()].filter(({ delivered }) => !delivered);
  const quarantined = [...stored.quarantine.values()].reduce((sum, seen) => sum + seen, 0);
  // A participant that still waits tells of its drops with its next effect.
  const closed = [...landed].filter(([key]) => !open.some((service) => key.startsWith(service)));
  const repeats = closed.flatMap(([key, times]) => {
    const counted = [...stored.drops]
      .filter(([id]) => id.startsWith(`${key} REPEAT `))
      .reduce((sum, [, seen]) => sum + seen, 0);
    return rule(counted === times - 1, `${key} came ${times} times, and ${counted} repeats were counted`);
  });
  return [
    ...undelivered.map(({ event }) => `${event.type} was never delivered to everybody`),
    ...rule(quarantined === madeUp, `${madeUp} signals were made up, and ${quarantined} are in quarantine`),
    ...repeats,
  ];
}
