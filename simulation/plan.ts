import { choicesOf } from './choices.js';
import type { FaultSource } from './faults.js';
import type { Stored } from './stored.js';
import { runPlanned, standard, type Setting } from './world.js';

/** A world that real parts can run as well: who orders what, and what fails where. */
export interface Plan {
  readonly customer: 'alice' | 'bob';
  readonly sku: 'mouse' | 'figurine';
  /** What befalls the first delivery of an event to a subscriber, by `type subscriber`. */
  readonly deliveries: ReadonlyMap<string, PlannedDelivery>;
  /** What befalls the first run of an effect, by `service effect`. */
  readonly effects: ReadonlyMap<string, PlannedEffect>;
  /** So many attempts to send fail before one succeeds, at most 3. */
  readonly badMails: number;
  readonly mood: 'REFUSED' | 'SENT_BUT_LOST';
}

export type PlannedDelivery = 'FAILS' | 'ANSWER_LOST' | 'TWICE' | 'SWALLOWED';
export type PlannedEffect = 'FAILS' | 'ANSWER_LOST';

/** What can be compared between a simulated and a real world once they are at rest. */
export interface FinalRows {
  readonly order: string;
  readonly history: readonly string[];
  readonly attention: readonly string[];
  readonly told: boolean;
  readonly refunded: boolean;
  readonly payment: string;
  readonly inventory: string;
  readonly notification: string;
  /** Event types in the order of the alphabet, since services write at the same time. */
  readonly journal: readonly string[];
  readonly charged: number;
  readonly reserved: number;
}

/** The plan of a seed: mostly two or three faults among all the points there are. */
export function drawPlan(seed: number): Plan {
  const choices = choicesOf(seed);
  const one = <T>(...options: readonly [T, ...T[]]): T => options[choices.pick(options.length)] ?? options[0];
  const some = <Fault>(points: readonly string[], faults: readonly Fault[]) =>
    new Map(
      points.flatMap((point): [string, Fault][] => {
        const fault = faults[choices.rarely(0.18, faults.length + 1) - 1];
        return fault === undefined ? [] : [[point, fault]];
      }),
    );
  return {
    customer: one('alice', 'alice', 'alice', 'bob'),
    sku: one('mouse', 'mouse', 'mouse', 'figurine'),
    deliveries: some(deliveryPoints, ['FAILS', 'ANSWER_LOST', 'TWICE', 'SWALLOWED']),
    effects: some(effectPoints, ['FAILS', 'ANSWER_LOST']),
    badMails: one(0, 0, 1, 3),
    mood: one('REFUSED', 'SENT_BUT_LOST'),
  };
}

/** Runs the plan in a simulated world. Throws where a rule is broken. */
export async function simulatePlan(plan: Plan): Promise<FinalRows> {
  const setting: Setting = {
    shop: {
      balance: plan.customer === 'bob' ? 1_000 : 1_000_000,
      available: plan.sku === 'mouse' ? 1_000 : 0,
    },
    waits: standard,
    hasContact: true,
    badMails: plan.badMails,
    mood: plan.mood,
    away: null,
  };
  const { broken, stored } = await runPlanned(setting, plannedFaults(plan));
  if (broken.length > 0) throw new Error(broken.join('; '));
  return finalRows(stored, setting);
}

const deliveryPoints = [
  'OrderCreatedEvent payment',
  'PaymentCompletedEvent inventory',
  'PaymentCompletedEvent order',
  'PaymentFailedEvent order',
  'InventoryReservedEvent payment',
  'InventoryReservedEvent order',
  'InventoryReservedEvent notification',
  'InventoryReservationFailedEvent payment',
  'PaymentCancelledEvent notification',
  'PaymentCancelledEvent inventory',
  'PaymentCancelledEvent order',
  'OrderCompletedNotificationSentEvent order',
  'OrderCancelledEvent payment',
] as const;

const effectPoints = [
  'order place',
  'order settle',
  'payment charge',
  'payment settle',
  'inventory reserve',
] as const;

/** Each fault happens at the first time that its point is passed. */
function plannedFaults({ deliveries, effects }: Plan): FaultSource {
  const left = new Map<string, string>([
    ...[...deliveries].map(([point, fault]): [string, string] => [
      `delivers ${point.replace(' ', ' to ')}`,
      fault,
    ]),
    ...[...effects].map(([point, fault]): [string, string] => [
      point.replace(' ', ' is about to commit: '),
      fault,
    ]),
  ]);
  const draw = (point: string) => {
    const key = [...left.keys()].find((name) => point === name || point.endsWith(` ${name}`));
    const fault = key === undefined ? undefined : left.get(key);
    if (key !== undefined) left.delete(key);
    return fault;
  };
  return {
    draw: draw as FaultSource['draw'],
    duration: () => 1_000,
    longHistory: () => false,
    end: () => left.clear(),
    areUnused: false,
  };
}

function finalRows({ rows, journal, balance, available }: Stored, { shop }: Setting): FinalRows {
  const { order, payment, inventory, notification } = rows;
  if (!order || order.status === 'NOTHING') throw new Error('the order was never stored');
  return {
    order: order.reason === null ? order.status : `${order.status} ${order.reason}`,
    history: order.history.map(({ status }) => status),
    attention: order.attention.filter(({ clearedAt }) => clearedAt === null).map(({ code }) => code),
    told: order.toldAt !== null,
    refunded: order.refundedAt !== null,
    payment: payment?.status ?? 'NOTHING',
    inventory: inventory?.status ?? 'NOTHING',
    notification: notification?.status ?? 'NOTHING',
    journal: [...journal.values()].map(({ event }) => event.type).sort(),
    charged: (shop.balance ?? 0) - balance,
    reserved: (shop.available ?? 0) - available,
  };
}
