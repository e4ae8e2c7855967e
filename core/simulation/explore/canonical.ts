import { createHash } from 'node:crypto';

/**
 * The same text for values that differ only in what does not matter: how keys, maps and sets are sorted. What is
 * never changed once it is made is written once.
 */
export class Canonical {
  readonly #rename: (text: string) => string;
  readonly #known = new WeakMap<object, string>();

  /** `rename` gives names that depend on the schedule, such as those of runs, others that do not. */
  constructor(rename: (text: string) => string) {
    this.#rename = rename;
  }

  text(value: unknown): string {
    if (typeof value === 'string') return this.#rename(JSON.stringify(value));
    if (typeof value !== 'object' || value === null) return String(value);
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const text = this.#write(value);
    this.#known.set(value, text);
    return text;
  }

  /** A short name of the value, for as good as certain no other's. */
  hash = (value: unknown): string => digest(this.text(value));

  #write(value: object): string {
    if (Array.isArray(value)) return `[${value.map((item) => this.text(item)).join()}]`;
    if (value instanceof Set)
      return `{${[...value]
        .map((item) => this.text(item))
        .sort()
        .join()}}`;
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    const lines = entries.map(([key, item]) => `${this.text(key)}:${this.text(item)}`);
    return `{${lines.sort().join()}}`;
  }
}

export const digest = (text: string): string => createHash('sha1').update(text).digest('base64').slice(0, 22);
