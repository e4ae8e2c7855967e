import type { Deliver } from '../activities/publish.js';

/** Chance and time, so that a test can decide both. */
export interface Mischief {
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Told what was done, for the log. */
  readonly say: (what: string) => void;
}

/**
 * Delivers as badly as a network may: some events twice, some late so that others overtake them, some without
 * telling that they arrived, some not at the first try. Never does it claim a delivery that has not happened, as
 * that would be a loss that no outbox can make good.
 */
export function mischievous(deliver: Deliver, { random, sleep, say }: Mischief): Deliver {
  return async (subscriber, event) => {
    const [lot, pause] = [random(), Math.ceil(random() * LONGEST_PAUSE)];
    const what = `${event.type} to ${subscriber}`;
    if (lot < 0.15) {
      say(`refuses ${what}`);
      throw new Error('mischief: not delivered');
    }
    if (lot < 0.35) {
      say(`holds ${what} back for ${pause} ms`);
      await sleep(pause);
    }
    await deliver(subscriber, event);
    if (lot >= 0.35 && lot < 0.55) {
      say(`delivers ${what} again after ${pause} ms`);
      // Nobody waits for the second one, and nothing is lost when it fails.
      void sleep(pause)
        .then(() => deliver(subscriber, event))
        .catch(() => undefined);
    }
    if (lot >= 0.55 && lot < 0.7) {
      say(`delivers ${what} and denies it`);
      throw new Error('mischief: delivered, but the answer is lost');
    }
  };
}

/** Below what a publish step may take, with time left for the delivery itself. */
const LONGEST_PAUSE = 1_500;
