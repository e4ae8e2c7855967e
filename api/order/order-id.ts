import { v4, v5 } from 'uuid';
import type { CustomerId, OrderId } from '../../schemas/ids.js';

/** Never changes: a repeat has to find what was placed before. */
const NAMESPACE = 'b2f6a0f4-6f0b-4a3c-8c55-1d7c3f0a9e21';

/** Of an order with an idempotency key, the id follows from customer and key, so that a repeat finds the first order. */
export const orderIdOf = (customerId: CustomerId, key: string | undefined): OrderId =>
  (key === undefined ? v4() : v5(`${customerId}\n${key}`, NAMESPACE)) as OrderId;
