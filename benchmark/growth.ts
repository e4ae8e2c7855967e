import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { cloneOrders } from '../tools/growth/clone.js';
import { direct } from './choreography/contenders.js';
import type { Contender, NewOrder } from './contender.js';
import { carryThrough } from './load/load.js';
import { Shop } from './load/shop.js';
import { withPrograms, type Setting } from './turn.js';

/** How many orders are placed to be copied. */
const ORIGINALS = 50;

/** Fills the database with about so many past orders: copies of some that were really carried through. */
export async function growPast(count: number, setting: Setting): Promise<void> {
  if (count === 0) return;
  const { servers } = setting;
  const shop = await Shop.open(servers.owner, 'past');
  const load = { ...setting, contender: direct, onEnded: () => undefined };
  await withPrograms(direct, servers, () => carryThrough(load, shop.orders(ORIGINALS), 4));
  const db = new pg.Client({ connectionString: servers.database.ownerUrl });
  await db.connect();
  try {
    await cloneOrders(db, Math.ceil(count / ORIGINALS), () => setting.signal.throwIfAborted());
    await db.query('vacuum analyze');
  } finally {
    await db.end();
  }
}

/** Places orders that wait to the end for another attempt to send their mail. */
export async function openOrders(
  contender: Contender,
  shop: Shop,
  count: number,
  { servers, signal }: Setting,
): Promise<void> {
  if (count === 0) return;
  await withPrograms(contender, servers, async () => {
    const orders = Array.from({ length: count }, () => shop.waiting());
    await placeAll(contender, servers, orders, signal);
    await untilReserved(servers, orders, signal);
  });
}

async function placeAll(
  contender: Contender,
  servers: Setting['servers'],
  orders: readonly NewOrder[],
  signal: AbortSignal,
): Promise<void> {
  const queue = orders.values();
  const lane = async () => {
    for (const order of queue) {
      signal.throwIfAborted();
      await contender.place(servers, order);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

/** What is left then is the mail. Through the API, an order has another id, so they are counted by customer. */
async function untilReserved(
  { owner }: Setting['servers'],
  orders: readonly NewOrder[],
  signal: AbortSignal,
): Promise<void> {
  const customer = orders[0]?.customerId;
  for (let open = 0; open < orders.length; await sleep(500, undefined, { signal })) {
    const { rows } = await owner.query<{ open: number }>(
      `select count(*) as open from orders.orders join inventory.reservations using (order_id)
       where customer_id = $1 and reservations.status = 'RESERVED'`,
      [customer],
    );
    open = rows[0]?.open ?? 0;
  }
}
