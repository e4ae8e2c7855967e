import type {
  DeliveryFault,
  FaultSource,
  Loss,
  TransactionFault,
  WorkerFault,
} from '../core/simulation/faults.js';
import type { Stored } from './stored.js';
import { AN_HOUR, standard, type Setting } from './setting.js';
import { runPlanned } from './world.js';

/** A world that real parts can run as well: who orders what, and what fails where. */
export interface Plan {
  readonly customer: 'alice' | 'bob';
  readonly sku: 'mouse' | 'figurine';
  /** What befalls the first delivery of an event to a subscriber, by `type subscriber`. */
  readonly deliveries: ReadonlyMap<string, PlannedDelivery>;
  /** What befalls the first run of an effect, by `service effect`. */
  readonly effects: ReadonlyMap<string, PlannedEffect>;
  /** So many attempts to send fail before one succeeds; after every fourth an operator asks for a retry. */
  readonly badMails: number;
  readonly mailFault: 'REFUSED' | 'SENT_BUT_LOST';
}

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
  readonly reserved: number;
}

/** Runs the plan in a simulated world. Throws where a rule is broken. */
export async function simulatePlan(plan: Plan): Promise<FinalRows> {
  const setting: Setting = {
    isLossy: isLossy(plan),
    shop: {
      balance: plan.customer === 'bob' ? 1_000 : 1_000_000,
      available: plan.sku === 'mouse' ? 1_000 : 0,
    },
    waits: standard,
    hasContact: true,
    badMails: plan.badMails,
    mailFault: plan.mailFault,
    away: null,
  };
  const { broken, stored } = await runPlanned(setting, plannedFaults(plan));
  if (broken.length > 0) throw new Error(broken.join('; '));
  return finalRows(stored, setting);
}

/** Something that seemed done is lost in it, and sweeps make up for that. */
export const isLossy = ({ deliveries }: Plan): boolean => [...deliveries.values()].includes('LOST');

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
    duration: () => AN_HOUR,
    longHistory: () => false,
    end: () => left.clear(),
    areUnused: false,
  };
}

function finalRows(stored: Stored, { shop }: Setting): FinalRows {
  const { order, payment, inventory, notification } = stored.rows;
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
    retries: stored.operatorActions.size,
    journal: [...stored.journal.values()].map(({ event }) => event.type).sort(),
    repeats: repeatsIn(stored),
    quarantined: quarantinedIn(stored),
    charged: (shop.balance ?? 0) - stored.balance,
    reserved: (shop.available ?? 0) - stored.available,
  };
}

const repeatsIn = ({ drops }: Stored): number =>
  [...drops].reduce((sum, [id, seen]) => sum + (id.includes(' REPEAT ') ? seen : 0), 0);

const quarantinedIn = ({ quarantine }: Stored): readonly string[] =>
  [...quarantine]
    .flatMap(([id, seen]) => Array<string>(seen).fill(id.split(' ').slice(0, 2).join(' ')))
    .sort();
