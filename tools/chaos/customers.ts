import { setTimeout as sleep } from 'node:timers/promises';
import { createApiClient, type ApiClient, type Placement } from '../demo/api-client.js';
import { openShop, planOrder, type DemoShop } from '../demo/shop.js';

/** In ms. A customer who hears nothing for so long tries again. */
const LONGEST_REQUEST = 10_000;

/** Those who order, each with an idempotency key of their own, and who try again until they have an answer. */
export class Customers {
  readonly api: ApiClient;
  readonly #signal: AbortSignal;
  readonly #random: () => number;
  readonly #plans: Placement[] = [];
  readonly #placing = new Set<Promise<void>>();
  /** Which order each one is, of those that were accepted. */
  readonly #accepted = new Map<string, number>();
  /** What the API answered that it should not have. */
  readonly refusals: string[] = [];
  #shop: DemoShop | undefined;

  constructor(apiUrl: string, random: () => number, signal: AbortSignal) {
    this.api = createApiClient(apiUrl, signal, LONGEST_REQUEST);
    this.#random = random;
    this.#signal = signal;
  }

  async open(): Promise<DemoShop> {
    return (this.#shop = await openShop(this.api, 'chaos'));
  }

  /** One more order, after some ms; does not wait for it. */
  order(afterMs: number): void {
    if (!this.#shop) throw new Error('the shop is not open');
    const index = this.#plans.push(planOrder(this.#shop, this.#random)) - 1;
    this.#begin(sleep(afterMs, undefined, { signal: this.#signal }).then(() => this.#place(index)));
  }

  /** The same orders under the same keys, as customers do who find nothing of theirs. */
  orderAgain(orderIds: readonly string[]): void {
    for (const id of orderIds) this.#begin(this.#place(this.#accepted.get(id) ?? 0));
  }

  get accepted(): readonly string[] {
    return [...this.#accepted.keys()];
  }

  /** Resolves once every order has its answer. */
  async answered(): Promise<void> {
    while (this.#placing.size > 0) await Promise.all(this.#placing);
  }

  #begin(placing: Promise<void>): void {
    const noted = placing
      .catch((error: unknown) => {
        if (!this.#signal.aborted) this.refusals.push(error instanceof Error ? error.message : String(error));
      })
      .finally(() => this.#placing.delete(noted));
    this.#placing.add(noted);
  }

  async #place(index: number): Promise<void> {
    const plan = this.#plans[index];
    if (!plan) return;
    const { orderId } = await this.api.place(plan, `chaos-${index}`);
    this.#accepted.set(orderId, index);
  }
}
