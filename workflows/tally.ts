/**
 * Counts per run what has to be put on record, each thing with its total so far. Telling a total twice does
 * no harm, so an effect that fails, or runs again after a crash, simply tells it again.
 */
export class Tally<Fact> {
  readonly #facts = new Map<string, Counted<Fact>>();
  readonly #unreported = new Set<string>();

  count(key: string, fact: Fact): void {
    this.#facts.set(key, { ...fact, seen: (this.#facts.get(key)?.seen ?? 0) + 1 });
    this.#unreported.add(key);
  }

  /** What has changed since the last report, at most `limit` facts. */
  unreported(limit: number): ReadonlyMap<string, Counted<Fact>> {
    return new Map([...this.#facts].filter(([key]) => this.#unreported.has(key)).slice(0, limit));
  }

  /** The report has arrived; what was counted meanwhile stays unreported. */
  reported(report: ReadonlyMap<string, Counted<Fact>>): void {
    for (const [key, { seen }] of report)
      if (this.#facts.get(key)?.seen === seen) this.#unreported.delete(key);
  }

  get isReported(): boolean {
    return this.#unreported.size === 0;
  }
}

export type Counted<Fact> = Fact & { readonly seen: number };
