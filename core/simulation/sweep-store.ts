import { entryOf, isEventType, roleOf, subscribersOf, type Choreography } from '../choreography.js';
import type { SagaId } from '../event.js';
import type { SweepSettings, SweepStore, Taken } from '../sweep/sweep-store.js';
import type { Fate, FoundUnfinished, StoredEvent, StoredState } from './database.js';

/** What a service's sweep looks at beside the journal, for the one saga of a world. */
export interface Swept {
  readonly service: string;
  readonly sagaId: SagaId;
  /** When the wait that the row is in ends; null where it waits for nothing. */
  readonly dueAt?: (row: never) => number | null;
  readonly isParked?: (row: never) => boolean;
}

/** The tables on which it works: a `SimulatedDatabase`. */
export interface SweptDatabase {
  readonly stored: StoredState;
  now(): number;
  write(change: Partial<StoredState>): void;
  transaction<T>(service: string, fate: Fate, work: () => Promise<T>): Promise<T>;
}

/** What `core/postgres/sweep.ts` does in SQL, on simulated tables. */
export function simulatedSweepStore(
  database: SweptDatabase,
  choreography: Choreography,
  swept: Swept,
  settings: SweepSettings,
  fate: Fate,
): SweepStore {
  const { service, sagaId, isParked = () => false } = swept;
  const row = () => rowIn(database.stored, service);
  return {
    take: () =>
      database.transaction(service, fate, () => {
        const sweep = new SimulatedSweep(database, choreography, swept, settings);
        return Promise.resolve(sweep.take());
      }),
    woken: () =>
      database.transaction(service, fate, () => {
        const known = database.stored.unfinished.get(service);
        if (known) put(database, service, { ...known, woken: known.woken + 1 });
        return Promise.resolve();
      }),
    parkedAfter: (after) =>
      Promise.resolve(after === undefined && row() !== undefined && isParked(row() as never) ? [sagaId] : []),
  };
}

/** One look at the tables: in one transaction, so nothing changes meanwhile. */
class SimulatedSweep {
  readonly #database: SweptDatabase;
  readonly #choreography: Choreography;
  readonly #swept: Swept;
  readonly #settings: SweepSettings;
  readonly #now: number;
  /** What happened later than this may still be under way. */
  readonly #old: number;

  constructor(database: SweptDatabase, choreography: Choreography, swept: Swept, settings: SweepSettings) {
    this.#database = database;
    this.#choreography = choreography;
    this.#swept = swept;
    this.#settings = settings;
    this.#now = database.now();
    this.#old = this.#now - settings.graceMs;
  }

  take(): Taken {
    const { service, sagaId } = this.#swept;
    const since = this.#database.stored.sweptUntil.get(service) ?? this.#now;
    const until = Math.max(since, Math.min(this.#old, since + LONGEST_WINDOW));
    const found = this.#found(since, until);
    this.#database.write({ sweptUntil: new Map(this.#database.stored.sweptUntil).set(service, until) });
    const taken = found && this.#claimed(found);
    const record = taken ?? found;
    if (record) put(this.#database, service, record);
    const unhandled = this.#unhandled(-Infinity, this.#old).map(({ event }) => event);
    return { sagas: taken ? [{ sagaId, unhandled }] : [], hasMore: until < this.#old };
  }

  /** What is on record by now; undefined where nothing is, and nothing has to be. */
  #found(since: number, until: number): FoundUnfinished | undefined {
    const known = this.#database.stored.unfinished.get(this.#swept.service);
    const isNew =
      this.#isUndelivered(this.#old) || this.#isDue(this.#old) || this.#unhandled(since, until).length > 0;
    const isOpen = known !== undefined && known.restedAt === null;
    const record = isOpen || !isNew ? known : { ...FRESH, foundAt: this.#now };
    return record?.restedAt === null ? this.#judged(record) : record;
  }

  /** At rest again, or in need of a person after a while. */
  #judged(open: FoundUnfinished): FoundUnfinished {
    const isAtRest =
      !this.#isUndelivered(Infinity) &&
      !this.#isDue(this.#now) &&
      this.#unhandled(-Infinity, Infinity).length === 0;
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

  #isUndelivered(before: number): boolean {
    return this.#events().some(
      ({ event, publishedBy, deliveredAt, recordedAt }) =>
        deliveredAt === null &&
        recordedAt < before &&
        publishedBy === roleOf(this.#swept.service) &&
        isEventType(this.#choreography, event.type),
    );
  }

  #isDue(before: number): boolean {
    const { service, dueAt } = this.#swept;
    const row = rowIn(this.#database.stored, service);
    const due = row === undefined ? null : (dueAt?.(row as never) ?? null);
    return due !== null && due < before;
  }

  /** Delivered to the service after `from` and no later than `to`, and it has no trace of them. */
  #unhandled(from: number, to: number): readonly StoredEvent[] {
    return this.#events().filter(
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
    const { inbox, refused } = this.#database.stored;
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

  #events(): readonly StoredEvent[] {
    return [...this.#database.stored.journal.values()];
  }
}

const FRESH = { claimedAt: null, woken: 0, stuckAt: null, restedAt: null } as const;

const rowIn = ({ rows }: StoredState, service: string): unknown =>
  (rows as Readonly<Record<string, unknown>>)[service];

function put(database: SweptDatabase, service: string, found: FoundUnfinished): void {
  database.write({ unfinished: new Map(database.stored.unfinished).set(service, found) });
}

/** How much of what was delivered one sweep checks, in ms. */
const LONGEST_WINDOW = 600_000;
