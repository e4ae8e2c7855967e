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
  readonly journal: ReadonlyMap<EventId, JournaledEvent>;
  /** How often, by service, event, why and run. */
  readonly drops: ReadonlyMap<string, number>;
  readonly quarantine: ReadonlyMap<string, number>;
}

export const emptyState: StoredState = {
  rows: {},
  inbox: new Map(),
  journal: new Map(),
  drops: new Map(),
  quarantine: new Map(),
};

/** Told of each commit: what was, what is now, and who did it. */
export type Watch<State> = (service: string, before: State, after: State) => void;

/** What PostgreSQL holds for the one saga of a world, with the constraints that the real one has. */
export class SimulatedDatabase<State extends StoredState> {
  stored: State;
  readonly #choreography: Choreography;
  readonly #watch: Watch<State>;
  readonly #now: () => EpochMillis;

  /** `now` is the database's own clock. */
  constructor(choreography: Choreography, stored: State, watch: Watch<State>, now: () => EpochMillis) {
    this.#choreography = choreography;
    this.stored = stored;
    this.#watch = watch;
    this.#now = now;
  }

  /** A service's store. `perform` carries out its commands by `write`, and throws where a constraint is broken. */
  store<Row, Command = never, Result = never>(
    service: string,
    fate: Fate,
    perform?: (command: Command) => Result,
  ): Store<Row, Command, Result> {
    const tx = this.#transaction<Row, Command, Result>(service, perform);
    return { service, transaction: (work) => this.#inTransaction(service, fate, () => work(tx)) };
  }

  find = (eventId: EventId): JournaledEvent | undefined => this.stored.journal.get(eventId);

  markDelivered(eventId: EventId, deliveredTo: readonly string[]): void {
    const journaled = this.find(eventId);
    if (!journaled) throw new Error(`the journal holds no event ${eventId}`);
    this.#set({ journal: new Map(this.stored.journal).set(eventId, { ...journaled, deliveredTo }) });
  }

  write(change: Partial<State>): void {
    this.stored = { ...this.stored, ...change };
  }

  /** Nothing else runs between begin and commit, since a world takes one step at a time. */
  async #inTransaction<T>(service: string, fate: Fate, work: () => Promise<T>): Promise<T> {
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
      now: () => Promise.resolve(this.#now()),
      inbox: {
        appliedBy: (key) => Promise.resolve(this.stored.inbox.get(`${service} ${key}`)),
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
      quarantine: ({ reason, runId, signalName, body, seen }) => {
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
    const entry = { event, publishedBy, causeType, deliveredTo: null };
    return Promise.resolve(this.#set({ journal: new Map(this.stored.journal).set(eventId, entry) }));
  }

  #set(change: Partial<StoredState>): void {
    this.write(change as Partial<State>);
  }
}

const dropId = (service: string, { eventId, runId, why }: DropCount): string =>
  `${service} ${eventId} ${why} ${runId}`;
