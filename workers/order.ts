import { createOrderEffects, type OrderEffects } from '../activities/order.js';
import { orderStore } from '../db/order/orders.js';
import type { Parts } from './parts.js';

export { orderTables as tables } from '../db/order/orders.js';

/** Order's effects, on its own role's tables. */
export const effects = ({ pool }: Parts): OrderEffects => createOrderEffects(orderStore(pool));
