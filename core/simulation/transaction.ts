import type { SagaId } from '../event.js';
import type { RowLocks } from './row-locks.js';

/** What a transaction changes, asked of what is committed by then. */
export type Write<State> = (state: State) => Partial<State>;

/** Told when the process that runs a transaction has died in the middle of it. */
export class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

/** The part of a database that its transactions need. */
export interface Committed<State> {
  readonly stored: State;
  /** Grows when a backup takes the place of what is committed. */
  readonly epoch: number;
  now(): number;
}

/**
 * One transaction at the level READ COMMITTED: each statement sees what is committed by now and its own writes. What it
 * writes it has locked, so its writes hold on whatever is committed when it ends.
 */
export class SimulatedTransaction<State extends object> {
  /** When it began, or had the row of its saga: what it does happens no earlier. */
  since: number;
  /** The saga that it is about. */
  sagaId: SagaId | undefined;
  /** The business time that the last saved row was given. */
  savedAt: number | undefined;
  readonly #database: Committed<State>;
  readonly #locks: RowLocks;
  readonly #between: () => Promise<boolean>;
  readonly #epoch: number;
  #writes: readonly Write<State>[] = [];
  #base: State;
  #state: State;

  /** `between` is asked between two statements: it may let others come first, and says whether the process lives. */
  constructor(database: Committed<State>, locks: RowLocks, between: () => Promise<boolean>) {
    this.#database = database;
    this.#locks = locks;
    this.#between = between;
    this.#epoch = database.epoch;
    this.#base = database.stored;
    this.#state = database.stored;
    this.since = database.now();
  }

  /** What it sees now. */
  get state(): State {
    if (this.#base !== this.#database.stored) {
      this.#base = this.#database.stored;
      this.#state = this.#writes.reduce<State>((state, write) => ({ ...state, ...write(state) }), this.#base);
    }
    return this.#state;
  }

  write(write: Write<State>): void {
    this.#state = { ...this.state, ...write(this.state) };
    this.#writes = [...this.#writes, write];
  }

  /** Waits for whoever holds the row. */
  async lock(row: string): Promise<void> {
    await this.pause();
    await this.#locks.take(this, row);
    this.#checkConnection();
  }

  /** Between two statements others may come first. Throws where the process or the database is no longer there. */
  async pause(): Promise<void> {
    if (!(await this.#between())) throw new ProcessDied('the process has died');
    this.#checkConnection();
  }

  end(): void {
    this.#locks.release(this);
  }

  #checkConnection(): void {
    if (this.#epoch !== this.#database.epoch) throw new Error('the connection is lost');
  }
}
