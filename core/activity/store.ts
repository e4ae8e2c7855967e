import type { AnyEvent, EpochMillis, EventId, SagaId } from '../event.js';
import type { Undelivered } from './effect.js';
import type { JournaledEvent, QuarantineReason } from './inspection.js';

/** Where a service keeps its rows; one transaction is one effect. PostgreSQL's and a simulated one implement it. */
export interface Store<Row, Command = never, Result = never> {
  readonly service: string;
  transaction<T>(work: (tx: StoreTransaction<Row, Command, Result>) => Promise<T>): Promise<T>;
}

/** What the idempotent consumer needs within its transaction; everything commits together or not at all. */
export interface StoreTransaction<Row, Command = never, Result = never> extends Rows<Row, Command, Result> {
  /** The time by the database's clock, which may go on within the transaction. */
  now(): Promise<EpochMillis>;
  readonly inbox: InboxTable;
  readonly journal: Journal;
}

/** A service's own rows, one per saga. */
export interface Rows<Row, Command = never, Result = never> {
  /** Locks the service's row for the saga, inserting an empty one first, so that there is something to lock. */
  lock(sagaId: SagaId): Promise<Row>;
  /** The row as it is, without a lock; undefined where the service has never heard of the saga. */
  read(sagaId: SagaId): Promise<Row | undefined>;
  save(sagaId: SagaId, row: Row, now: EpochMillis): Promise<void>;
  /** Carries out what a decision asked for and could not know beforehand, such as taking the last free place. */
  perform?: (sagaId: SagaId, command: Command, now: EpochMillis) => Promise<Result>;
}

/** The idempotent consumer's memory. */
export interface InboxTable {
  /** Asked once the row is locked, so that the time is that of the effect and not of its wait for the lock. */
  find(key: string): Promise<InboxAnswer>;
  remember(entry: InboxEntry): Promise<void>;
}

/** One answer to two questions: an effect asks the database as little as it can. */
export interface InboxAnswer {
  /** The run that applied the key, or undefined when nobody has. */
  readonly appliedBy: string | undefined;
  /** The time by the database's clock. */
  readonly databaseTime: EpochMillis;
}

export interface InboxEntry {
  readonly key: string;
  readonly sagaId: SagaId;
  readonly runId: string;
  /** What became of it: the status of the row afterwards. */
  readonly outcome: string;
}

/** Every published event, which is the outbox at the same time, and the records of what was dropped or refused. */
export interface Journal {
  /** Of several events of this id, the one that the role `publisher` wrote. */
  find(eventId: EventId, publisher: string): Promise<JournaledEvent | undefined>;
  append(event: AnyEvent): Promise<void>;
  /** This service's events for the saga that not every subscriber has, oldest first (R2). */
  undelivered(sagaId: SagaId): Promise<readonly Undelivered[]>;
  countDrop(drop: DropCount): Promise<void>;
  quarantine(entry: QuarantineEntry): Promise<void>;
}

export interface DropCount {
  readonly sagaId: SagaId;
  readonly runId: string;
  readonly eventId: EventId;
  readonly why: DropReason;
  /** How often within this run, in all; a later count replaces a smaller one. */
  readonly seen: number;
}

/** REPEAT: an event that was applied before. NO_EFFECT: an empty cell of the decision table. */
export type DropReason = 'REPEAT' | 'NO_EFFECT';

/** A refused signal, kept in the dead-letter store, which this project calls the quarantine. */
export interface QuarantineEntry {
  readonly sagaId: SagaId;
  readonly runId: string;
  readonly signalName: string;
  readonly reason: QuarantineReason;
  /** What was expected and what was found, field by field where there are fields. */
  readonly detail: string;
  readonly body: string;
  /** Of the journal's event, where the refused signal was that very one; null where it was anything else. */
  readonly eventId: EventId | null;
  /** How often within this run, in all. */
  readonly seen: number;
}
