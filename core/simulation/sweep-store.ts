import { entryOf, isEventType, roleOf, sagaIdOf, subscribersOf, type Choreography } from '../choreography.js';
import type { SagaId } from '../event.js';
import type { SweepSettings, SweepStore, Taken } from '../sweep/sweep-store.js';
import type { Fate, FoundUnfinished, StoredEvent, StoredState } from './database.js';

/** What a service's sweep looks at beside the journal. */
export interface Swept {
  readonly service: string;
  /** When the wait that the row is in ends; null where it waits for nothing. */
  readonly dueAt?: (row: never) => number | null;
  readonly isParked?: (row: never) => boolean;
}

/** The tables on which it works: a `SimulatedDatabase`. */
export interface SweptDatabase {
  readonly stored: StoredState;
  now(): number;
  transaction<T>(service: string, fate: Fate, work: (tx: SweepTransaction) => Promise<T>): Promise<T>;
}

export interface SweepTransaction {
  readonly state: StoredState;
  write(write: (state: StoredState) => Partial<StoredState>): void;
}

/** What `core/postgres/sweep.ts` does in SQL, on simulated tables. */
export function simulatedSweepStore(
  database: SweptDatabase,
  choreography: Choreography,
  swept: Swept,
  settings: SweepSettings,
  fate: Fate,
): SweepStore {
  const { service, isParked = () => false } = swept;
  const isParkedIn = (sagaId: SagaId) => {
    const row = rowIn(database.stored, service, sagaId);
    return row !== undefined && isParked(row as never);
  };
  return {
    take: () =>
      database.transaction(service, fate, (tx) =>
        Promise.resolve(new SimulatedSweep(tx, choreography, swept, settings, database.now()).take()),
      ),
    woken: (sagaIds) =>
      database.transaction(service, fate, (tx) => {
        for (const sagaId of sagaIds) {
          const known = tx.state.unfinished.get(`${service} ${sagaId}`);
          if (known) put(tx, service, sagaId, { ...known, woken: known.woken + 1 });
        }
        return Promise.resolve();
      }),
    parkedAfter: (after = '' as SagaId) =>
      Promise.resolve(sagasIn(database.stored).filter((sagaId) => sagaId > after && isParkedIn(sagaId))),
  };
}

/** One look at the tables: in one transaction, so nothing changes meanwhile. */
class SimulatedSweep {
  readonly #tx: SweepTransaction;
  readonly #choreography: Choreography;
  readonly #swept: Swept;
  readonly #settings: SweepSettings;
  readonly #now: number;
  /** What happened later than this may still be under way. */
  readonly #old: number;

  constructor(
    tx: SweepTransaction,
    choreography: Choreography,
    swept: Swept,
    settings: SweepSettings,
    now: number,
  ) {
    this.#tx = tx;
    this.#choreography = choreography;
    this.#swept = swept;
    this.#settings = settings;
    this.#now = now;
    this.#old = this.#now - settings.graceMs;
  }

  take(): Taken {
    const { service } = this.#swept;
    const since = this.#tx.state.sweptUntil.get(service) ?? this.#now;
    const until = Math.max(since, Math.min(this.#old, since + LONGEST_WINDOW));
    const sagas = sagasIn(this.#tx.state).flatMap((sagaId) => this.#takeSaga(sagaId, since, until));
    this.#tx.write(({ sweptUntil }) => ({ sweptUntil: new Map(sweptUntil).set(service, until) }));
    return { sagas, hasMore: until < this.#old };
  }

  #takeSaga(sagaId: SagaId, since: number, until: number): Taken['sagas'] {
    const found = this.#found(sagaId, since, until);
    const taken = found && this.#claimed(found);
    const record = taken ?? found;
    if (record) put(this.#tx, this.#swept.service, sagaId, record);
    const unhandled = this.#unhandled(sagaId, -Infinity, this.#old).map(({ event }) => event);
    return taken ? [{ sagaId, unhandled }] : [];
  }

  /** What is on record by now; undefined where nothing is, and nothing has to be. */
  #found(sagaId: SagaId, since: number, until: number): FoundUnfinished | undefined {
    const known = this.#tx.state.unfinished.get(`${this.#swept.service} ${sagaId}`);
    const isNew =
      this.#isUndelivered(sagaId, this.#old) ||
      this.#isDue(sagaId, this.#old) ||
      this.#unhandled(sagaId, since, until).length > 0;
    const isOpen = known !== undefined && known.restedAt === null;
    const record = isOpen || !isNew ? known : { ...FRESH, foundAt: this.#now };
    return record?.restedAt === null ? this.#judged(sagaId, record) : record;
  }

  /** At rest again, or in need of a person after a while. */
  #judged(sagaId: SagaId, open: FoundUnfinished): FoundUnfinished {
    const isAtRest =
      !this.#isUndelivered(sagaId, Infinity) &&
      !this.#isDue(sagaId, this.#now) &&
      this.#unhandled(sagaId, -Infinity, Infinity).length === 0;
    if (isAtRest) return { ...open, restedAt: this.#now };
    const isStuck = open.foundAt < this.#now - this.#settings.stuckAfterMs;
    return { ...open, stuckAt: open.stuckAt ?? (isStuck ? this.#now : null) };
  }

  /** Undefined where it is at rest, or was taken a short while ago. */
  #claimed(found: FoundUnfinished): FoundUnfinished | undefined {
    const pause = this.#settings.graceMs * 2 ** Math.min(found.woken, 4);
    const isFree = found.claimedAt === null || found.claimedAt < this.#now - pause;
    return found.restedAt === null && isFree ? { ...found, claimedAt: this.#now } : undefined;
  }

  #isUndelivered(sagaId: SagaId, before: number): boolean {
    return this.#events(sagaId).some(
      ({ event, publishedBy, deliveredAt, recordedAt }) =>
        deliveredAt === null &&
        recordedAt < before &&
        publishedBy === roleOf(this.#swept.service) &&
        isEventType(this.#choreography, event.type),
    );
  }

  #isDue(sagaId: SagaId, before: number): boolean {
    const { service, dueAt } = this.#swept;
    const row = rowIn(this.#tx.state, service, sagaId);
    const due = row === undefined ? null : (dueAt?.(row as never) ?? null);
    return due !== null && due < before;
  }

  /** Delivered to the service after `from` and no later than `to`, and it has no trace of them. */
  #unhandled(sagaId: SagaId, from: number, to: number): readonly StoredEvent[] {
    return this.#events(sagaId).filter(
      (event) =>
        event.deliveredAt !== null &&
        event.deliveredAt > from &&
        event.deliveredAt <= to &&
        this.#isForService(event) &&
        !this.#hasTrace(event),
    );
  }

  /** The inbox knows it, or this very event was refused. */
  #hasTrace({ event: { payload } }: StoredEvent): boolean {
    const { inbox, refused } = this.#tx.state;
    const id = `${this.#swept.service} ${payload.eventId}`;
    return inbox.has(id) || refused.has(id);
  }

  #isForService({ event: { type }, publishedBy, causeType, deliveredTo }: StoredEvent): boolean {
    return (
      isEventType(this.#choreography, type) &&
      publishedBy === roleOf(entryOf(this.#choreography, type).publisher) &&
      subscribersOf(this.#choreography, type, causeType).includes(this.#swept.service) &&
      deliveredTo !== null &&
      deliveredTo.includes(this.#swept.service)
    );
  }

  #events(sagaId: SagaId): readonly StoredEvent[] {
    return [...this.#tx.state.journal.values()].filter(
      ({ event }) => sagaIdOf(this.#choreography, event) === sagaId,
    );
  }
}

const FRESH = { claimedAt: null, woken: 0, stuckAt: null, restedAt: null } as const;

const sagasIn = ({ rows }: StoredState): readonly SagaId[] => Object.keys(rows).sort() as SagaId[];

const rowIn = ({ rows }: StoredState, service: string, sagaId: SagaId): unknown =>
  (rows[sagaId] as Readonly<Record<string, unknown>> | undefined)?.[service];

const put = (tx: SweepTransaction, service: string, sagaId: SagaId, found: FoundUnfinished): void =>
  tx.write(({ unfinished }) => ({ unfinished: new Map(unfinished).set(`${service} ${sagaId}`, found) }));

/** How much of what was delivered one sweep checks, in ms. */
const LONGEST_WINDOW = 600_000;
