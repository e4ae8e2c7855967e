import type { OrderWaits } from '../db/order/place-order.js';

const DAY = 86_400_000;

/** No deadline is to end what is measured: the servers tell the workers the same (`PAYMENT_WAIT`, `SAGA_DEADLINE`). */
export const orderWaits: OrderWaits = { payment: DAY, saga: DAY };
