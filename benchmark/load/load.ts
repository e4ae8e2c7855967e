import type { OrderId } from '../../schemas/ids.js';
import type { OrderStatus } from '../../schemas/order-status.js';
import type { Contender, NewOrder } from '../contender.js';
import type { Servers } from '../servers/servers.js';
import type { FinalOrders } from './final-orders.js';

export interface EndedOrder {
  readonly orderId: OrderId;
  readonly status: OrderStatus;
  /** From the call that places the order to the news that it is final. */
  readonly ms: number;
}

export interface Load {
  readonly contender: Contender;
  readonly servers: Servers;
  readonly finalOrders: FinalOrders;
  readonly signal: AbortSignal;
  readonly onEnded?: () => void;
}

/** Takes orders to their end, always `inFlight` at a time. */
export async function carryThrough(
  load: Load,
  orders: readonly NewOrder[],
  inFlight: number,
): Promise<readonly EndedOrder[]> {
  const queue = orders.values();
  const ended: EndedOrder[] = [];
  const lane = async () => {
    for (const order of queue) {
      load.signal.throwIfAborted();
      ended.push(await carryOne(load, order));
      load.onEnded?.();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return ended;
}

async function carryOne({ contender, servers, finalOrders }: Load, order: NewOrder): Promise<EndedOrder> {
  const begunAt = performance.now();
  const orderId = await contender.place(servers, order);
  const status = await finalOrders.of(orderId);
  return { orderId, status, ms: performance.now() - begunAt };
}
