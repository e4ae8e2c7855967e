import type { DropCount, InboxTable, Journal, Store, StoreTransaction } from '../activity/store.js';
import type { JournaledEvent } from '../activity/inspection.js';
import { leftToDeliver } from '../activity/outbox.js';
import { publishedTypesOf, roleOf, sagaIdOf, type Choreography } from '../choreography.js';
import type { AnyEvent, EpochMillis, EventId, SagaId } from '../event.js';
import { Deadlock, RowLocks } from './row-locks.js';
import { ProcessDied, SimulatedTransaction, type Write } from './transaction.js';

/**
 * What happens to one transaction: it may fail before it commits, commit without anybody hearing of it, or be undone
 * after a conflict with another one and then be tried again, as `withTransaction` does.
 */
export type TransactionFate = 'COMMITS' | 'FAILS' | 'ANSWER_LOST' | 'CONFLICT';

/** Asked before each transaction, and may take its time. */
export interface Fate {
  (): Promise<TransactionFate>;
  /** Asked between two statements: lets others come first at times, and says whether the process still lives. */
  readonly between?: () => Promise<boolean>;
}

/** Everything that is committed. It is replaced, never changed, so a transaction that fails leaves no trace. */
export interface StoredState {
  /** The rows of the services, by saga and then by service. */
  readonly rows: Readonly<Record<string, object>>;
  /** The run that applied a step, by service and key. */
  readonly inbox: ReadonlyMap<string, string>;
  /** What became of it, by service and key. */
  readonly outcomes: ReadonlyMap<string, string>;
  /** In the order of writing. */
  readonly journal: ReadonlyMap<EventId, StoredEvent>;
  /** How often, by service, event, why and run. */
  readonly drops: ReadonlyMap<string, number>;
  readonly quarantine: ReadonlyMap<string, number>;
  /** The events of the journal that were refused, by service and id. */
  readonly refused: ReadonlySet<string>;
  /** What each service has found unfinished, by service and saga. */
  readonly unfinished: ReadonlyMap<string, FoundUnfinished>;
  /** Up to when each service has checked what was delivered to it. */
  readonly sweptUntil: ReadonlyMap<string, number>;
}

/** An event of the journal, and when it was written and delivered. */
export interface StoredEvent extends JournaledEvent {
  readonly recordedAt: number;
  readonly deliveredAt: number | null;
}

/** Times in ms since 1970, or null where it has not happened. */
export interface FoundUnfinished {
  readonly foundAt: number;
  readonly claimedAt: number | null;
  readonly woken: number;
  readonly stuckAt: number | null;
  readonly restedAt: number | null;
}

export const emptyState: StoredState = {
  rows: {},
  inbox: new Map(),
  outcomes: new Map(),
  journal: new Map(),
  drops: new Map(),
  quarantine: new Map(),
  refused: new Set(),
  unfinished: new Map(),
  sweptUntil: new Map(),
};

/** What a commit tells of itself beside its changes. Times in ms since 1970. */
export interface Commit {
  /** Whose row it has looked at; undefined for what is about no saga, or about many. */
  readonly sagaId: SagaId | undefined;
  /** When the transaction began, or had the row of its saga. */
  readonly since: number;
  /** The business time of the row that it saved. */
  readonly savedAt: number | undefined;
}

/** Told of each commit: what was, what is now, and who did it. */
export type Watch<State> = (service: string, before: State, after: State, commit: Commit) => void;

/** Carries out a command within a transaction. */
export type Perform<State extends StoredState, Command, Result> = (
  tx: SimulatedTransaction<State>,
  sagaId: SagaId,
  command: Command,
) => Promise<Result>;

/** What PostgreSQL holds for the sagas of a world, with the constraints and the row locks that the real one has. */
export class SimulatedDatabase<State extends StoredState> {
  stored: State;
  epoch = 0;
  /** The rows for which transactions have waited in a circle. */
  readonly deadlocks: string[] = [];
  readonly #past: Past<State>[] = [];
  readonly #locks = new RowLocks((row) => this.deadlocks.push(row));
  readonly #choreography: Choreography;
  readonly #watch: Watch<State>;
  readonly now: () => EpochMillis;

  /** `now` is the database's own clock. */
  constructor(choreography: Choreography, stored: State, watch: Watch<State>, now: () => EpochMillis) {
    this.#choreography = choreography;
    this.stored = stored;
    this.#watch = watch;
    this.now = now;
  }

  /** A service's store. `perform` carries out its commands by `write`, and throws where a constraint is broken. */
  store<Row, Command = never, Result = never>(
    service: string,
    fate: Fate,
    perform?: Perform<State, Command, Result>,
  ): Store<Row, Command, Result> {
    return {
      service,
      transaction: (work) =>
        this.transaction(service, fate, (tx) =>
          work(this.#storeOf<Row, Command, Result>(service, tx, perform)),
        ),
    };
  }

  find = (eventId: EventId): StoredEvent | undefined => this.stored.journal.get(eventId);

  markDelivered(eventId: EventId, deliveredTo: readonly string[]): void {
    const journaled = this.find(eventId);
    if (!journaled) return;
    const deliveredAt = journaled.deliveredAt ?? this.now();
    const marked = { ...journaled, deliveredTo, deliveredAt };
    this.write({ journal: withEntry(this.stored.journal, eventId, marked) } as Partial<State>);
    this.#keep();
  }

  /** A statement of its own, beside all transactions. */
  write(change: Partial<State>): void {
    this.stored = { ...this.stored, ...change };
  }

  /** What a restored backup may hold that is `ms` old at most: the state of then, or a later commit. */
  backups(ms: number): readonly State[] {
    const first = this.#past.findLastIndex(({ at }) => at <= this.now() - ms);
    return this.#past.slice(Math.max(0, first)).map(({ state }) => state);
  }

  /** PostgreSQL is restored from a backup. Whoever is in a transaction has lost the connection. */
  stepBackTo(backup: State): void {
    this.stored = backup;
    this.epoch++;
    this.#keep();
  }

  /** Others may come in between, and wait where they meet a row that is locked. */
  async transaction<T>(
    service: string,
    fate: Fate,
    work: (tx: SimulatedTransaction<State>) => Promise<T>,
  ): Promise<T> {
    const ending = await fate();
    if (ending === 'FAILS') throw new Error('rolled back');
    if (ending === 'CONFLICT') await this.#undone(fate, work);
    const result = await this.#committed(service, fate, work);
    if (ending === 'ANSWER_LOST') throw new Error('committed, but the answer was lost');
    return result;
  }

  /** A try that meets a conflict when it commits: nothing of it is left. */
  async #undone<T>(fate: Fate, work: (tx: SimulatedTransaction<State>) => Promise<T>): Promise<void> {
    const tx = this.#begin(fate);
    await this.#attempt(tx, work);
    tx.end();
  }

  async #committed<T>(
    service: string,
    fate: Fate,
    work: (tx: SimulatedTransaction<State>) => Promise<T>,
    triesLeft = 2,
  ): Promise<T> {
    const tx = this.#begin(fate);
    let result: T;
    try {
      result = await this.#attempt(tx, work);
    } catch (error) {
      if (triesLeft === 0 || !(error instanceof Deadlock)) throw error;
      return this.#committed(service, fate, work, triesLeft - 1);
    }
    const before = this.stored;
    this.stored = tx.state;
    this.#keep();
    tx.end();
    this.#watch(service, before, this.stored, tx);
    return result;
  }

  #begin(fate: Fate): SimulatedTransaction<State> {
    return new SimulatedTransaction(this, this.#locks, fate.between ?? (() => Promise.resolve(true)));
  }

  /** Where the process dies on the way, nobody hears of it. */
  async #attempt<T>(
    tx: SimulatedTransaction<State>,
    work: (tx: SimulatedTransaction<State>) => Promise<T>,
  ): Promise<T> {
    try {
      const result = await work(tx);
      await tx.pause();
      return result;
    } catch (error) {
      tx.end();
      if (error instanceof ProcessDied) return new Promise<never>(() => undefined);
      throw error;
    }
  }

  #storeOf<Row, Command, Result>(
    service: string,
    tx: SimulatedTransaction<State>,
    perform?: Perform<State, Command, Result>,
  ): StoreTransaction<Row, Command, Result> {
    const row = (sagaId: SagaId) => {
      tx.sagaId = sagaId;
      return (tx.state.rows[sagaId] as Readonly<Record<string, Row>> | undefined)?.[service];
    };
    const lockRow = (sagaId: SagaId) => tx.lock(`${service} ${sagaId}`);
    const put = (sagaId: SagaId, changed: unknown) =>
      tx.write(
        ({ rows }) => ({ rows: { ...rows, [sagaId]: { ...rows[sagaId], [service]: changed } } }) as never,
      );
    return {
      lock: async (sagaId) => {
        await lockRow(sagaId);
        tx.since = this.now();
        if (row(sagaId) === undefined) put(sagaId, { status: 'NOTHING' });
        return row(sagaId) as Row;
      },
      read: async (sagaId) => {
        await tx.pause();
        return row(sagaId);
      },
      save: async (sagaId, changed, now) => {
        await lockRow(sagaId);
        // An update of a row that is not there changes nothing.
        if (row(sagaId) !== undefined) put(sagaId, changed);
        tx.savedAt = now;
      },
      ...(perform && {
        perform: async (sagaId, command) => {
          await tx.pause();
          return perform(tx, sagaId, command);
        },
      }),
      now: () => Promise.resolve(this.now()),
      inbox: this.#inbox(service, tx),
      journal: this.#journal(service, tx),
    };
  }

  #inbox(service: string, tx: SimulatedTransaction<State>): InboxTable {
    const write = writing(tx);
    return {
      find: async (key) => {
        await tx.pause();
        return { appliedBy: tx.state.inbox.get(`${service} ${key}`), databaseTime: this.now() };
      },
      remember: async ({ key, runId, outcome }) => {
        const id = `${service} ${key}`;
        await tx.lock(`inbox ${id}`);
        if (tx.state.inbox.has(id)) throw new Error(`inbox: ${id} exists`);
        write(({ inbox, outcomes }) => ({
          inbox: withEntry(inbox, id, runId),
          outcomes: withEntry(outcomes, id, outcome),
        }));
      },
    };
  }

  #journal(service: string, tx: SimulatedTransaction<State>): Journal {
    const publishedBy = roleOf(service);
    const write = writing(tx);
    return {
      find: async (eventId) => {
        await tx.pause();
        return tx.state.journal.get(eventId);
      },
      append: (event) => this.#append(event, service, tx),
      undelivered: (sagaId) =>
        Promise.resolve(
          [...tx.state.journal.values()]
            .filter(
              (entry) =>
                entry.publishedBy === publishedBy &&
                sagaIdOf(this.#choreography, entry.event) === sagaId &&
                leftToDeliver(this.#choreography, entry) !== undefined,
            )
            .map(({ event }) => ({ eventId: event.payload.eventId, type: event.type })),
        ),
      countDrop: (drop) => {
        const id = dropId(service, drop);
        write(({ drops }) => ({ drops: withEntry(drops, id, Math.max(drops.get(id) ?? 0, drop.seen)) }));
        return Promise.resolve();
      },
      quarantine: ({ reason, runId, signalName, body, eventId, seen }) => {
        if (eventId !== null)
          write(({ refused }) => ({ refused: new Set(refused).add(`${service} ${eventId}`) }));
        const id = `${service} ${reason} ${signalName} ${runId} ${body}`;
        write(({ quarantine }) => ({
          quarantine: withEntry(quarantine, id, Math.max(quarantine.get(id) ?? 0, seen)),
        }));
        return Promise.resolve();
      },
    };
  }

  /** The policy of the journal lets each role append the types that the catalogue lets it publish. */
  async #append(event: AnyEvent, service: string, tx: SimulatedTransaction<State>): Promise<void> {
    const { eventId, causationId } = event.payload;
    if (!publishedTypesOf(this.#choreography, service).includes(event.type))
      throw new Error(`journal: ${roleOf(service)} may not publish ${event.type}`);
    await tx.lock(`event ${eventId}`);
    if (tx.state.journal.has(eventId)) throw new Error(`journal: ${eventId} exists`);
    const causeType = causationId === null ? null : (tx.state.journal.get(causationId)?.event.type ?? null);
    const unsent = { deliveredTo: null, deliveredAt: null };
    const entry = { event, publishedBy: roleOf(service), causeType, recordedAt: this.now(), ...unsent };
    writing(tx)(({ journal }) => ({ journal: withEntry(journal, eventId, entry) }));
  }

  #keep(): void {
    this.#past.push({ at: this.now(), state: this.stored });
  }
}

/** The rows of one saga, by service. */
export const rowsOf = <Rows extends object>(
  { rows }: { readonly rows: Readonly<Record<string, Rows>> },
  sagaId: SagaId,
): Rows => rows[sagaId] ?? ({} as Rows);

/** Writes to the tables that the core has, whatever a business adds to them. */
const writing =
  <State extends StoredState>(tx: SimulatedTransaction<State>) =>
  (write: Write<StoredState>): void =>
    tx.write(write as unknown as Write<State>);

const withEntry = <Key, Value>(
  map: ReadonlyMap<Key, Value>,
  key: Key,
  value: Value,
): ReadonlyMap<Key, Value> => new Map(map).set(key, value);

interface Past<State> {
  readonly at: number;
  readonly state: State;
}

const dropId = (service: string, { eventId, runId, why }: DropCount): string =>
  `${service} ${eventId} ${why} ${runId}`;
