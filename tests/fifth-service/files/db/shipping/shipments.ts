import type { Store } from '../../core/activity/store.js';
import type { Connection, Pool } from '../../core/postgres/pool.js';
import { postgresStore } from '../../core/postgres/store.js';
import type { SweptTables } from '../../core/postgres/sweep.js';
import { choreography } from '../../schemas/catalogue.js';

/** What Shipping knows of an order. REFUSED: it is called back, or never goes out (a tombstone, R5). */
export interface ShipmentRow {
  readonly status: 'NOTHING' | 'SHIPPED' | 'REFUSED';
}

/** Where Shipping's unfinished work can be seen. */
export const shippingTables: SweptTables = { service: 'shipping', inbox: 'shipping.inbox' };

/** Shipping's tables in PostgreSQL; `pool` logs in as the shipping role. */
export const shippingStore = (pool: Pool): Store<ShipmentRow> =>
  postgresStore<ShipmentRow>(choreography, {
    ...shippingTables,
    pool,
    rows: (db) => ({
      lock: async (orderId) => {
        await db.query(
          `insert into shipping.shipments (order_id, status, updated_at) values ($1, 'NOTHING', now())
           on conflict (order_id) do nothing`,
          [orderId],
        );
        const row = await find(db, orderId, 'for update');
        if (!row) throw new Error('the shipment vanished while it was locked');
        return row;
      },
      read: (orderId) => find(db, orderId),
      save: async (orderId, { status }, now) => {
        await db.query(`update shipping.shipments set status = $2, updated_at = $3 where order_id = $1`, [
          orderId,
          status,
          new Date(now),
        ]);
      },
    }),
  });

async function find(db: Connection, orderId: string, lock = ''): Promise<ShipmentRow | undefined> {
  const { rows } = await db.query<ShipmentRow>(
    `select status from shipping.shipments where order_id = $1 ${lock}`,
    [orderId],
  );
  return rows[0];
}
