import type { Store } from '../../core/activity/store.js';
import type { EpochMillis } from '../../core/event.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { PlacedOrder } from '../../db/order/order-row.js';
import { orderStore } from '../../db/order/orders.js';
import { placeOrder, type OrderWaits } from '../../db/order/place-order.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Placement } from '../../schemas/placement.js';

/** When an order is placed, and how long it is to wait: the test's clock in place of the database's. */
export interface PlacingTime {
  readonly now: number;
  readonly waits: OrderWaits;
}

/** Stores an order as the API does; `pool` logs in as Order's role. */
export const placeAt = (
  pool: Pool,
  orderId: OrderId,
  placement: Placement,
  { now, waits }: PlacingTime,
): Promise<PlacedOrder> =>
  placeOrder(withClock(orderStore(pool), now as EpochMillis), orderId, placement, waits);

const withClock = <Row>(store: Store<Row>, now: EpochMillis): Store<Row> => ({
  ...store,
  transaction: (work) => store.transaction((tx) => work({ ...tx, now: () => Promise.resolve(now) })),
});
