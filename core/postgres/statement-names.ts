import { createHash } from 'node:crypto';

/** More than the statements of a program; what makes up a text for each call must not fill the server with names. */
const MOST_NAMES = 200;

/**
 * Names statements by their text, so that a session parses and plans each of them once. Gives the names up for good where
 * sessions turn out not to keep them, as behind some poolers, or where a migration has changed what a statement returns:
 * statements then cost more, and work.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  #isGivenUp = false;

  /** Undefined for a statement that is to stay without a name. */
  nameOf(text: string): string | undefined {
    if (this.#isGivenUp) return undefined;
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= MOST_NAMES) return known;
    const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    this.#names.set(text, name);
    return name;
  }

  giveUp(): void {
    this.#isGivenUp = true;
  }
}
