/** Two transactions wait for each other: PostgreSQL ends one of them. */
export class Deadlock extends Error {
  override readonly name = 'Deadlock';
}

/**
 * Row locks as PostgreSQL has them: held until the transaction ends, and waited for in line. An owner is a transaction,
 * a key names a row.
 */
export class RowLocks {
  readonly #holders = new Map<string, object>();
  readonly #waiting = new Map<object, string>();
  readonly #lines = new Map<string, (() => void)[]>();
  readonly #onDeadlock: (key: string) => void;

  /** Told of each deadlock which row was waited for. */
  constructor(onDeadlock: (key: string) => void) {
    this.#onDeadlock = onDeadlock;
  }

  /** Resolves once the owner has the row. Throws a Deadlock where that would never be. */
  async take(owner: object, key: string): Promise<void> {
    const holder = this.#holders.get(key);
    if (holder === owner) return;
    if (holder === undefined) {
      this.#holders.set(key, owner);
      return;
    }
    if (this.#waitsFor(holder, owner)) {
      this.#onDeadlock(key);
      throw new Deadlock(`deadlock: ${key}`);
    }
    this.#waiting.set(owner, key);
    await new Promise<void>((resolve) => {
      const line = this.#lines.get(key) ?? [];
      this.#lines.set(key, [...line, () => (this.#holders.set(key, owner), resolve())]);
    });
    this.#waiting.delete(owner);
  }

  /** The transaction has ended: whoever is first in line gets each of its rows. */
  release(owner: object): void {
    for (const [key, holder] of this.#holders) {
      if (holder !== owner) continue;
      const [next, ...line] = this.#lines.get(key) ?? [];
      this.#lines.set(key, line);
      if (next) next();
      else this.#holders.delete(key);
    }
  }

  #waitsFor(waiting: object, owner: object): boolean {
    if (waiting === owner) return true;
    const key = this.#waiting.get(waiting);
    const holder = key === undefined ? undefined : this.#holders.get(key);
    return holder !== undefined && this.#waitsFor(holder, owner);
  }
}
