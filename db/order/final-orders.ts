import type pg from 'pg';
import type { OrderId } from '../../schemas/ids.js';
import type { Pool } from '../../core/postgres/pool.js';
import { WakeUp } from '../feed/wake-up.js';

/** How long the connection stays when nobody waits: the next one may come soon, and connecting costs more than waiting. */
const LINGER_MS = 500;

/**
 * Wakes those who wait for orders to become final, by PostgreSQL's notifications, over one connection for all.
 *
 * - Idle: nobody waits, and no connection is open. Whoever comes first opens one.
 * - Listening: a notification wakes those who wait for its order.
 * - Not listening: the connection could not be opened, or has broken. Whoever waits has to look now and then.
 *
 * Everybody is woken when listening begins or ends, since a notification may have been missed. So whoever is registered
 * first, then looks, and looks again whenever it is woken, misses nothing.
 */
export class FinalOrders {
  readonly #pool: Pool;
  readonly #waiting = new Map<OrderId, Set<WakeUp>>();
  #connection: Promise<pg.PoolClient> | undefined;
  #lingering: NodeJS.Timeout | undefined;
  #isListening = false;

  /** Its connections keep a session of their own: no pooler in transaction mode. */
  constructor(pool: Pool) {
    this.#pool = pool;
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  /** Registers for an order until `work` has ended. */
  async expect<T>(orderId: OrderId, work: (wakeUp: WakeUp) => Promise<T>): Promise<T> {
    const wakeUp = new WakeUp();
    this.#register(orderId, wakeUp);
    this.listen();
    try {
      return await work(wakeUp);
    } finally {
      this.#forget(orderId, wakeUp);
    }
  }

  /** Opens the connection where there is none. */
  listen(): void {
    clearTimeout(this.#lingering);
    if (this.#connection) return;
    const connection = this.#open();
    this.#connection = connection;
    connection.catch(() => this.#lose(connection));
  }

  async #open(): Promise<pg.PoolClient> {
    const client = await this.#pool.connect();
    client.on('notification', ({ payload }) => this.#wake(payload as OrderId));
    client.on('error', () => this.#close());
    try {
      await client.query('listen final_orders');
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.#isListening = true;
    this.#wakeAll();
    return client;
  }

  #register(orderId: OrderId, wakeUp: WakeUp): void {
    const others = this.#waiting.get(orderId);
    if (others) others.add(wakeUp);
    else this.#waiting.set(orderId, new Set([wakeUp]));
  }

  #forget(orderId: OrderId, wakeUp: WakeUp): void {
    const all = this.#waiting.get(orderId);
    all?.delete(wakeUp);
    if (all?.size === 0) this.#waiting.delete(orderId);
    if (this.#waiting.size === 0) this.#lingering = setTimeout(() => this.#close(), LINGER_MS);
  }

  #close(): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#lose(connection);
    // Not back to the pool: it still listens, or is broken.
    connection.then(
      (client) => client.release(true),
      () => undefined,
    );
  }

  #lose(connection: Promise<pg.PoolClient>): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#isListening = false;
    this.#wakeAll();
  }

  #wake(orderId: OrderId): void {
    for (const { signal } of this.#waiting.get(orderId) ?? []) signal();
  }

  #wakeAll(): void {
    for (const orderId of this.#waiting.keys()) this.#wake(orderId);
  }
}
