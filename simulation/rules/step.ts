import type { Commit } from '../../core/simulation/database.js';
import type { StoredEvent } from '../../core/simulation/database.js';
import type { AnyEvent, EventId } from '../../core/event.js';
import { sagaIdOf } from '../../core/choreography.js';
import { choreography } from '../../schemas/catalogue.js';
import type { Service } from '../../schemas/services.js';
import type { WorldsOrder } from '../order.js';
import type { Waits } from '../ports.js';
import { rowsOfOrder, type Stored } from '../stored.js';
import type { OrderRecord } from './order-record.js';

/** One commit of one service about one order, as the rules see it. Times in ms since 1970. */
export interface Step {
  readonly service: Service;
  readonly order: WorldsOrder;
  readonly waits: Waits;
  readonly before: Stored;
  readonly after: Stored;
  readonly commit: Commit;
  readonly now: number;
  readonly record: OrderRecord;
  /** Whether so far all has gone well, and one step followed the other. */
  readonly isTame: boolean;
  /** The service's row before and after. */
  readonly was: SomeRow;
  readonly is: SomeRow;
  /** The key under which the inbox keeps the effect; undefined where it has left no trace there. */
  readonly key: string | undefined;
  /** The event that was consumed, where it was one. */
  readonly event: AnyEvent | undefined;
  readonly emitted: readonly StoredEvent[];
}

/** A row of any service. */
export interface SomeRow {
  readonly status: string;
  readonly reason?: string | null;
}

export function stepOf(
  given: Pick<
    Step,
    'service' | 'order' | 'waits' | 'before' | 'after' | 'commit' | 'now' | 'record' | 'isTame'
  >,
): Step {
  const { service, order, before, after } = given;
  const prefix = `${service} `;
  const [id] = newKeys(before.inbox, after.inbox).filter((key) => key.startsWith(prefix));
  const key = id?.slice(prefix.length);
  return {
    ...given,
    was: rowIn(before, order, service),
    is: rowIn(after, order, service),
    key,
    event: key === undefined ? undefined : after.journal.get(key as EventId)?.event,
    emitted: newKeys(before.journal, after.journal)
      .flatMap((eventId) => after.journal.get(eventId) ?? [])
      .filter(({ event }) => sagaIdOf(choreography, event) === order.orderId),
  };
}

/** Entries are only ever added at the end. */
const newKeys = <Key>(before: ReadonlyMap<Key, unknown>, after: ReadonlyMap<Key, unknown>): readonly Key[] =>
  after.size === before.size ? [] : [...after.keys()].slice(before.size);

const rowIn = (stored: Stored, { orderId }: WorldsOrder, service: Service): SomeRow =>
  (rowsOfOrder(stored, orderId) as Readonly<Record<string, SomeRow>>)[service] ?? NOTHING;

const NOTHING: SomeRow = { status: 'NOTHING' };
