import type {
  DeliveryFault,
  FaultSource,
  Loss,
  TransactionFault,
  WorkerFault,
} from '../core/simulation/faults.js';
import { sagaIdOf } from '../core/choreography.js';
import type { StoredEvent } from '../core/simulation/database.js';
import { choreography } from '../schemas/catalogue.js';
import type { OrderId } from '../schemas/ids.js';
import type { Placement } from '../schemas/placement.js';
import { orderIdOf, placementOf } from './order.js';
import { chargedFor, reservedFor, rowsOfOrder, type Shop, type Stored } from './stored.js';
import { AN_HOUR, standard, type Setting } from './setting.js';
import { runPlanned } from './world.js';

/** A world that real parts can run as well: who orders what, and what fails where. */
export interface Plan {
  readonly customer: PlannedCustomer;
  readonly items: PlannedItems;
  /** Another customer's order of the same shop, placed right after the first; nothing fails on its way. */
  readonly companion?: PlannedItems;
  /** What befalls the first delivery of an event to a subscriber, by `type subscriber`. */
  readonly deliveries: ReadonlyMap<string, PlannedDelivery>;
  /** What befalls the first run of an effect, by `service effect`. */
  readonly effects: ReadonlyMap<string, PlannedEffect>;
  /** So many attempts to send fail before one succeeds; after every fourth an operator asks for a retry. */
  readonly badMails: number;
  readonly mailFault: 'REFUSED' | 'SENT_BUT_LOST';
}

/** alice has plenty of KRW, bob nearly nothing, and carol pays in EUR. */
export type PlannedCustomer = 'alice' | 'bob' | 'carol';

/** So many pieces of each product, of which there are plenty but for the figurine. */
export type PlannedItems = readonly (readonly ['mouse' | 'keyboard' | 'figurine', number])[];

/** The currencies of the wallets. */
export const currencyOf = { alice: 'KRW', bob: 'KRW', carol: 'EUR' } as const;

/** An outage is left out: a server that skips time would wait for the worker for ever. */
type PlannedDeath = Exclude<WorkerFault, 'OUTAGE'>;
export type PlannedDelivery = DeliveryFault | Loss | PlannedDeath | 'SWALLOWED';
export type PlannedEffect = TransactionFault | PlannedDeath;

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
  /** The fate of each attempt to tell the customer. */
  readonly attempts: readonly string[];
  /** How often operators had a retry. */
  readonly retries: number;
  /** Event types in the order of the alphabet, since services write at the same time. */
  readonly journal: readonly string[];
  /** How often an event came again and was dropped. */
  readonly repeats: number;
  /** `service reason`, once for each time that such a signal came, in the order of the alphabet. */
  readonly quarantined: readonly string[];
  readonly charged: number;
  /** Pieces by product. */
  readonly reserved: Readonly<Record<string, number>>;
  readonly companion?: FinalRows;
}

/** Runs the plan in a simulated world. Throws where a rule is broken. */
export async function simulatePlan(plan: Plan): Promise<FinalRows> {
  const orders = placementsOf(plan).map((placement, number) => ({ orderId: orderIdOf(number), placement }));
  const setting: Setting = {
    isLossy: isLossy(plan),
    shop: plannedShop,
    orders,
    waits: standard,
    hasContact: true,
    badMails: plan.badMails,
    mailFault: plan.mailFault,
    away: null,
  };
  const { broken, stored } = await runPlanned(setting, plannedFaults(plan));
  if (broken.length > 0) throw new Error(broken.join('; '));
  const [first, companion] = orders.map(({ orderId }) => finalRows(stored, orderId));
  if (!first) throw new Error('a plan has an order');
  return { ...first, ...(companion && { companion }) };
}

/** What is ordered: the plan's order, then its companion. */
export const placementsOf = ({ customer, items, companion }: Plan): readonly Placement[] => [
  placementOf(customer, items, currencyOf[customer], 0),
  ...(companion ? [placementOf('alice', companion, currencyOf.alice, 1)] : []),
];

/** There is plenty of all but figurines; money too, but for bob. */
export const plannedShop: Shop = {
  wallets: {
    alice: { balance: 1_000_000_000, currency: currencyOf.alice },
    bob: { balance: 1_000, currency: currencyOf.bob },
    carol: { balance: 1_000_000_000, currency: currencyOf.carol },
  },
  stock: { mouse: 1_000, keyboard: 1_000, figurine: 0 },
};

/** Something that seemed done is lost in it, and sweeps make up for that. */
export const isLossy = ({ deliveries }: Plan): boolean => [...deliveries.values()].includes('LOST');

/** Each fault happens at the first time that the first order passes its point. */
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
    if (/^order \d/.test(point)) return undefined;
    const key = [...left.keys()].find((name) => point === name || point.endsWith(` ${name}`));
    const fault = key === undefined ? undefined : left.get(key);
    if (key !== undefined) left.delete(key);
    return fault;
  };
  return {
    draw: draw as FaultSource['draw'],
    duration: () => AN_HOUR,
    longHistory: () => false,
    end: () => left.clear(),
    areUnused: false,
  };
}

function finalRows(stored: Stored, orderId: OrderId): FinalRows {
  const { order, payment, inventory, notification } = rowsOfOrder(stored, orderId);
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
    attempts:
      notification && 'attempts' in notification
        ? notification.attempts.map(({ fate }) => fate ?? 'NOT KNOWN YET')
        : [],
    retries: [...stored.operatorActions.values()].filter((action) => action.orderId === orderId).length,
    journal: eventsOf(stored, orderId)
      .map(({ event }) => event.type)
      .sort(),
    repeats: repeatsIn(stored, orderId),
    quarantined: quarantinedIn(stored, orderId),
    charged: chargedFor(stored, orderId),
    reserved: reservedFor(stored, orderId),
  };
}

const eventsOf = ({ journal }: Stored, orderId: OrderId): readonly StoredEvent[] =>
  [...journal.values()].filter(({ event }) => sagaIdOf(choreography, event) === orderId);

/** Runs are named after their order. */
const repeatsIn = ({ drops }: Stored, orderId: OrderId): number =>
  [...drops]
    .filter(([id]) => id.includes(' REPEAT ') && id.includes(`-${orderId}-`))
    .reduce((sum, [, seen]) => sum + seen, 0);

const quarantinedIn = ({ quarantine }: Stored, orderId: OrderId): readonly string[] =>
  [...quarantine]
    .filter(([id]) => id.includes(`-${orderId}-`))
    .flatMap(([id, seen]) => Array<string>(seen).fill(id.split(' ').slice(0, 2).join(' ')))
    .sort();
