import type { EventType } from '../schemas/catalogue.js';
import type { SagaEvent } from '../schemas/event.js';
import type { EpochMillis, EventId, OrderId } from '../schemas/ids.js';
import type { JournaledEvent, QuarantineReason } from '../schemas/inspection.js';
import type { Service } from '../schemas/services.js';

/** Where a service keeps its rows; one transaction is one step of the saga. A simulation has its own. */
export interface Store<Row, Act, Result> {
  readonly service: Service;
  transaction<T>(work: (tx: StoreTransaction<Row, Act, Result>) => Promise<T>): Promise<T>;
}

/** What the idempotent consumer needs within its transaction; everything commits together or not at all. */
export interface StoreTransaction<Row, Act, Result> {
  /** Locks the service's row for the order, inserting an empty one first, so that there is something to lock. */
  lockRow(orderId: OrderId, now: EpochMillis): Promise<Row>;
  /** The row as it is, without a lock; undefined where the service has never heard of the order. */
  readRow(orderId: OrderId): Promise<Row | undefined>;
  saveRow(orderId: OrderId, row: Row, now: EpochMillis): Promise<void>;
  /** Carries out what a decision asked for and could not know beforehand, such as debiting a wallet. */
  perform(orderId: OrderId, act: Act, now: EpochMillis): Promise<Result>;

  readonly inbox: InboxTable;
  readonly journal: JournalTables;
}

export interface InboxTable {
  /** The run that applied this key, or undefined when nobody has. */
  appliedBy(key: string): Promise<string | undefined>;
  remember(entry: InboxEntry): Promise<void>;
}

export interface InboxEntry {
  readonly key: string;
  readonly orderId: OrderId;
  readonly runId: string;
  /** What became of it: the status of the row afterwards. */
  readonly outcome: string;
}

export interface JournalTables {
  find(eventId: EventId): Promise<JournaledEvent | undefined>;
  append(event: SagaEvent): Promise<void>;
  /** This service's events for the order that not every subscriber has, oldest first (R2). */
  undelivered(orderId: OrderId): Promise<readonly Undelivered[]>;
  countDrop(drop: DropCount): Promise<void>;
  quarantine(entry: QuarantineEntry): Promise<void>;
}

export interface Undelivered {
  readonly eventId: EventId;
  readonly type: EventType;
}

export interface DropCount {
  readonly orderId: OrderId;
  readonly runId: string;
  readonly eventId: EventId;
  readonly why: DropReason;
  /** How often within this run, in all; a later count replaces a smaller one. */
  readonly seen: number;
}

/** REPEAT: an event that was applied before. NO_EFFECT: an empty cell of the decision table. */
export type DropReason = 'REPEAT' | 'NO_EFFECT';

export interface QuarantineEntry {
  readonly orderId: OrderId;
  readonly runId: string;
  readonly signalName: string;
  readonly reason: QuarantineReason;
  /** What was expected and what was found, field by field where there are fields. */
  readonly detail: string;
  readonly body: string;
  /** How often within this run, in all. */
  readonly seen: number;
}
