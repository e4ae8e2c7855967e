import pg from 'pg';
import type { OrderId } from '../../schemas/ids.js';
import { isFinal, orderStatuses, type OrderStatus } from '../../schemas/order-status.js';

const finals = orderStatuses.filter(isFinal).map((status) => `'${status}'`);

/** Tells of every order that becomes final, with its commit: one message an order, whoever its contender is. */
const trigger = `
  create function public.tell_benchmark() returns trigger language plpgsql as $$
  begin
    perform pg_notify('benchmark', new.order_id || ' ' || new.status);
    return null;
  end $$;
  create trigger tell_benchmark after update of status on orders.orders for each row
    when (old.status <> new.status and new.status in (${finals.join()})) execute function public.tell_benchmark();`;

/** Hears when orders are final, without asking for them again and again. */
export class FinalOrders {
  readonly #db: pg.Client;
  readonly #heard = new Map<string, OrderStatus>();
  readonly #awaited = new Map<string, (status: OrderStatus) => void>();

  private constructor(db: pg.Client) {
    this.#db = db;
    db.on('notification', ({ payload = '' }) => this.#hear(payload));
  }

  static async listen(ownerUrl: string): Promise<FinalOrders> {
    const db = new pg.Client({ connectionString: ownerUrl, application_name: 'benchmark' });
    await db.connect();
    try {
      await db.query(`${trigger} listen benchmark`);
    } catch (error) {
      await db.end();
      throw error;
    }
    return new FinalOrders(db);
  }

  /** Resolves with the status in which the order ends; rejects after two minutes. Asked once an order. */
  async of(orderId: OrderId): Promise<OrderStatus> {
    const heard = this.#heard.get(orderId);
    if (this.#heard.delete(orderId) && heard !== undefined) return heard;
    return new Promise((resolve, reject) => {
      const late = new Error(`the order ${orderId} is not final after ${LONGEST_MS} ms`);
      const giveUp = setTimeout(() => reject(late), LONGEST_MS);
      this.#awaited.set(orderId, (status) => {
        clearTimeout(giveUp);
        resolve(status);
      });
    });
  }

  close(): Promise<void> {
    return this.#db.end();
  }

  #hear(payload: string): void {
    const [orderId, status] = payload.split(' ') as [string, OrderStatus];
    const awaited = this.#awaited.get(orderId);
    if (awaited) awaited(status);
    else this.#heard.set(orderId, status);
    this.#awaited.delete(orderId);
  }
}

const LONGEST_MS = 120_000;
