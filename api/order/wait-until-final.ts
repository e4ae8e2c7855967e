import type { Pool } from '../../core/postgres/pool.js';
import type { WakeUp } from '../../db/feed/wake-up.js';
import type { FinalOrders } from '../../db/order/final-orders.js';
import { findOrderView, type OrderView } from '../../db/order/order-view.js';
import type { Logger } from '../../platform/logger.js';
import type { OrderId } from '../../schemas/ids.js';
import { isFinal } from '../../schemas/order-status.js';
import type { Accepted } from './place-order.js';

export interface FinalWait {
  /** Logs in as Order's role. */
  readonly pool: Pool;
  readonly finalOrders: FinalOrders;
  /** Epoch ms. */
  readonly until: number;
  /** Ends the wait early. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** Notifications come at once; a look in between notices a connection that died silently. */
const LOOK_MS = 5_000;
/** Without notifications. */
const POLL_MS = 250;

/**
 * Returns the order that `place` has placed once it is final, or as it is when the wait ends. Waits from before the
 * placing, so that no look is needed right after it.
 */
export const placeAndWait = (
  wait: FinalWait,
  orderId: OrderId,
  place: () => Promise<Accepted>,
): Promise<Accepted> =>
  wait.finalOrders.expect(orderId, async (wakeUp) => {
    const placed = await place();
    return { ...placed, order: await untilFinal(wait, wakeUp, placed.order) };
  });

/** It is placed by now, so an error only ends the wait. */
async function untilFinal(wait: FinalWait, wakeUp: WakeUp, placed: OrderView): Promise<OrderView> {
  const { signal, log } = wait;
  signal.addEventListener('abort', wakeUp.signal);
  try {
    return await follow(wait, wakeUp, placed);
  } catch (error) {
    log.warn({ err: error, orderId: placed.orderId }, 'cannot follow an order that was placed');
    return placed;
  } finally {
    signal.removeEventListener('abort', wakeUp.signal);
  }
}

async function follow(
  { pool, finalOrders, until, signal }: FinalWait,
  wakeUp: WakeUp,
  placed: OrderView,
): Promise<OrderView> {
  let order = placed;
  while (!isFinal(order.status) && !signal.aborted && Date.now() < until) {
    finalOrders.listen();
    await wakeUp.sleep(Math.min(until - Date.now(), finalOrders.isListening ? LOOK_MS : POLL_MS));
    order = (await findOrderView(pool, order.orderId)) ?? order;
  }
  return order;
}
