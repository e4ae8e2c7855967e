import type { FeedPage } from './entries.js';

/** Whether everything that is new on a page waits for an older transaction. */
export const isStuck = ({ entries, isHeldBack }: FeedPage): boolean => isHeldBack && entries.length === 0;

/** A service's transaction ends within seconds; one that takes longer does not seem to end at all. */
const BEHIND_AFTER_MS = 5_000;

/** Tells once that a feed has been stuck for some seconds, and once that it goes on. */
export class Delay {
  readonly #onBehind: (since: Date | undefined) => void;
  #since: Date | undefined;
  #isTold = false;

  constructor(onBehind: (since: Date | undefined) => void) {
    this.#onBehind = onBehind;
  }

  note(page: FeedPage, now = new Date()): void {
    if (!isStuck(page)) this.#end();
    else {
      this.#since ??= now;
      if (!this.#isTold && now.getTime() - this.#since.getTime() >= BEHIND_AFTER_MS) this.#tell(this.#since);
    }
  }

  #tell(since: Date): void {
    this.#isTold = true;
    this.#onBehind(since);
  }

  #end(): void {
    if (this.#isTold) this.#onBehind(undefined);
    this.#isTold = false;
    this.#since = undefined;
  }
}
