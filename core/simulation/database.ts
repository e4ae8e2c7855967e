import type { DropCount, Journal, Store, StoreTransaction } from '../activity/store.js';
import type { JournaledEvent } from '../activity/inspection.js';
import { leftToDeliver } from '../activity/outbox.js';
import { roleOf, type Choreography } from '../choreography.js';
import type { AnyEvent, EpochMillis, EventId } from '../event.js';

/** What happens to one transaction: it may fail before it commits, or commit without anybody hearing of it. */
export type TransactionFate = 'COMMITS' | 'FAILS' | 'ANSWER_LOST';

/** Asked before each transaction, and may take its time. */
export type Fate = () => Promise<TransactionFate>;

/** Everything that is committed. It is replaced, never changed, so a transaction that fails leaves no trace. */
export interface StoredState {
  /** The row of each service for the one saga of a world. */
  readonly rows: object;
  /** The run that applied a step, by service and key. */
  readonly inbox: ReadonlyMap<string, string>;
  /** In the order of writing. */
  readonly journal: ReadonlyMap<EventId, StoredEvent>;
  /** How often, by service, event, why and run. */
  readonly drops: ReadonlyMap<string, number>;
  readonly quarantine: ReadonlyMap<string, number>;
  /** The events of the journal that were refused, by service and id. */
  readonly refused: ReadonlySet<string>;
  /** What each service has found unfinished of the saga, by service. */
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
  journal: new Map(),
  drops: new Map(),
  quarantine: new Map(),
  refused: new Set(),
  unfinished: new Map(),
  sweptUntil: new Map(),
};

/** Told of each commit: what was, what is now, and who did it. */
export type Watch<State> = (service: string, before: State, after: State) => void;

/** What PostgreSQL holds for the one saga of a world, with the constraints that the real one has. */
export class SimulatedDatabase<State extends StoredState> {
  stored: State;
  readonly #past: Past<State>[] = [];
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
    perform?: (command: Command) => Result,
  ): Store<Row, Command, Result> {
    const tx = this.#transaction<Row, Command, Result>(service, perform);
    return { service, transaction: (work) => this.transaction(service, fate, () => work(tx)) };
  }

  find = (eventId: EventId): StoredEvent | undefined => this.stored.journal.get(eventId);

  markDelivered(eventId: EventId, deliveredTo: readonly string[]): void {
    const journaled = this.find(eventId);
    if (!journaled) return;
    const deliveredAt = journaled.deliveredAt ?? this.now();
    const marked = { ...journaled, deliveredTo, deliveredAt };
    this.#set({ journal: new Map(this.stored.journal).set(eventId, marked) });
    this.#keep();
  }

  write(change: Partial<State>): void {
    this.stored = { ...this.stored, ...change };
  }

  /** What a restored backup may hold that is `ms` old at most: the state of then, or a later commit. */
  backups(ms: number): readonly State[] {
    const first = this.#past.findLastIndex(({ at }) => at <= this.now() - ms);
    return this.#past.slice(Math.max(0, first)).map(({ state }) => state);
  }

  /** PostgreSQL is restored from a backup. Whoever is in a transaction begins it anew. */
  stepBackTo(backup: State): void {
    this.stored = backup;
    this.#keep();
  }

  /** Nothing else runs between begin and commit, since a world takes one step at a time. */
  async transaction<T>(service: string, fate: Fate, work: () => Promise<T>): Promise<T> {
    const ending = await fate();
    if (ending === 'FAILS') throw new Error('rolled back');
    const before = this.stored;
    let result: T;
    try {
      result = await work();
    } catch (error) {
      this.stored = before;
      throw error;
    }
    this.#keep();
    this.#watch(service, before, this.stored);
    if (ending === 'ANSWER_LOST') throw new Error('committed, but the answer was lost');
    return result;
  }

  #transaction<Row, Command, Result>(
    service: string,
    perform?: (command: Command) => Result,
  ): StoreTransaction<Row, Command, Result> {
    const row = () => (this.stored.rows as Readonly<Record<string, unknown>>)[service] as Row | undefined;
    const save = (changed: unknown) => this.#set({ rows: { ...this.stored.rows, [service]: changed } });
    return {
      lock: () => {
        if (row() === undefined) save({ status: 'NOTHING' });
        return Promise.resolve(row() as Row);
      },
      read: () => Promise.resolve(row()),
      save: (_, changed) => Promise.resolve(save(changed)),
      ...(perform && { perform: (_, command) => Promise.resolve(perform(command)) }),
      now: () => Promise.resolve(this.now()),
      inbox: {
        find: (key) => {
          const appliedBy = this.stored.inbox.get(`${service} ${key}`);
          return Promise.resolve({ appliedBy, databaseTime: this.now() });
        },
        remember: ({ key, runId }) => {
          const id = `${service} ${key}`;
          if (this.stored.inbox.has(id)) return Promise.reject(new Error(`inbox: ${id} exists`));
          return Promise.resolve(this.#set({ inbox: new Map(this.stored.inbox).set(id, runId) }));
        },
      },
      journal: this.#journal(service),
    };
  }

  #journal(service: string): Journal {
    const publishedBy = roleOf(service);
    return {
      find: (eventId) => Promise.resolve(this.find(eventId)),
      append: (event) => this.#append(event, publishedBy),
      undelivered: () =>
        Promise.resolve(
          [...this.stored.journal.values()]
            .filter(
              (entry) =>
                entry.publishedBy === publishedBy && leftToDeliver(this.#choreography, entry) !== undefined,
            )
            .map(({ event }) => ({ eventId: event.payload.eventId, type: event.type })),
        ),
      countDrop: (drop) => {
        const id = dropId(service, drop);
        const seen = Math.max(this.stored.drops.get(id) ?? 0, drop.seen);
        return Promise.resolve(this.#set({ drops: new Map(this.stored.drops).set(id, seen) }));
      },
      quarantine: ({ reason, runId, signalName, body, eventId, seen }) => {
        if (eventId !== null)
          this.#set({ refused: new Set(this.stored.refused).add(`${service} ${eventId}`) });
        const id = `${service} ${reason} ${signalName} ${runId} ${body}`;
        const most = Math.max(this.stored.quarantine.get(id) ?? 0, seen);
        return Promise.resolve(this.#set({ quarantine: new Map(this.stored.quarantine).set(id, most) }));
      },
    };
  }

  #append(event: AnyEvent, publishedBy: string): Promise<void> {
    const { eventId, causationId } = event.payload;
    if (this.stored.journal.has(eventId)) return Promise.reject(new Error(`journal: ${eventId} exists`));
    const causeType = causationId === null ? null : (this.find(causationId)?.event.type ?? null);
    const unsent = { deliveredTo: null, deliveredAt: null };
    const entry = { event, publishedBy, causeType, recordedAt: this.now(), ...unsent };
    return Promise.resolve(this.#set({ journal: new Map(this.stored.journal).set(eventId, entry) }));
  }

  #keep(): void {
    this.#past.push({ at: this.now(), state: this.stored });
  }

  #set(change: Partial<StoredState>): void {
    this.write(change as Partial<State>);
  }
}

interface Past<State> {
  readonly at: number;
  readonly state: State;
}

const dropId = (service: string, { eventId, runId, why }: DropCount): string =>
  `${service} ${eventId} ${why} ${runId}`;
