import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

/**
 * Deliveries that take their time. A try to publish may take 4 s for all its subscribers together, and a delivery can
 * be held back for longer. So a try waits a second for it and then fails, saying truly that it has not happened yet;
 * the outbox tries again, and meets the same delivery under way instead of beginning another.
 */
export class HeldBack {
  readonly #sleep: (ms: number) => Promise<unknown>;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(sleep: (ms: number) => Promise<unknown>) {
    this.#sleep = sleep;
  }

  /** What awaits the delivery of this name, where it is under way or has happened lately. */
  find(name: string): Promise<void> | undefined {
    const delivery = this.#underWay.get(name);
    return delivery && this.#awaitPatiently(name, delivery);
  }

  /** Awaits a delivery that has just begun. One that fails is forgotten at once, and so begun anew by the next try. */
  begin(name: string, delivery: Promise<void>): Promise<void> {
    this.#underWay.set(name, delivery);
    const forget = () => this.#underWay.delete(name);
    void delivery.then(() => this.#sleep(REMEMBERED).then(forget), forget);
    return this.#awaitPatiently(name, delivery);
  }

  async #awaitPatiently(name: string, delivery: Promise<void>): Promise<void> {
    const isLate = await Promise.race([delivery.then(() => false), this.#sleep(PATIENCE).then(() => true)]);
    if (isLate) throw notYet(name);
  }
}

/** Three subscribers at most, and a try of 4 s. */
const PATIENCE = 1_000;

/** Longer than the outbox pauses between two tries. */
const REMEMBERED = 60_000;

/** Temporal logs a benign failure for those who debug only. */
const notYet = (name: string) =>
  ApplicationFailure.create({
    message: `a fault on demand: ${name} is held back`,
    category: ApplicationFailureCategory.BENIGN,
  });
