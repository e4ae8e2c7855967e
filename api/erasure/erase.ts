import type { Pool } from '../../core/postgres/pool.js';
import {
  eraseCustomer,
  forgetOrdersOf,
  listErasures,
  lookAtOrders,
  type ErasureView,
} from '../../db/retention/erasure.js';
import { findContact } from '../../db/notification/contacts.js';
import { findCustomer } from '../../db/order/reference-data.js';
import type { CustomerId, OrderId } from '../../schemas/ids.js';

export interface ErasureDependencies {
  readonly pools: Readonly<Record<'operator' | 'order' | 'notification', Pool>>;
  /** Erases the mails of these orders. Rejects where that is not certain. */
  readonly eraseMails: (orderIds: readonly OrderId[]) => Promise<void>;
}

export type ErasureRefusal =
  | { readonly reason: 'UNKNOWN_TO_ERASE'; readonly customerId: CustomerId }
  | { readonly reason: 'NOT_AT_REST'; readonly orderIds: readonly OrderId[] };

export type ErasureResult =
  | { readonly refusal: ErasureRefusal; readonly erasure?: undefined }
  | { readonly refusal?: undefined; readonly erasure: ErasureView };

/**
 * Erases a customer's name, address, mails, and what is in quarantine about them, and forgets how their orders came about;
 * the books stay, under the customer's id. Nothing happens while an order is not at rest. It can be repeated, as after a
 * crash on the way: the address goes last.
 */
export async function erase(
  { pools, eraseMails }: ErasureDependencies,
  customerId: CustomerId,
  operator: string,
): Promise<ErasureResult> {
  let isKnown = false;
  for await (const { notAtRest } of lookAtOrders(pools.operator, customerId)) {
    if (notAtRest.length > 0) return { refusal: { reason: 'NOT_AT_REST', orderIds: notAtRest } };
    isKnown = true;
  }
  isKnown ||= await isCustomer(pools, customerId);
  if (!isKnown) return { refusal: { reason: 'UNKNOWN_TO_ERASE', customerId } };
  for await (const { orders, notAtRest } of forgetOrdersOf(pools.operator, customerId)) {
    // Something has happened since the look.
    if (notAtRest.length > 0) return { refusal: { reason: 'NOT_AT_REST', orderIds: notAtRest } };
    await eraseMails(orders);
  }
  return { erasure: await eraseCustomer(pools.operator, customerId, operator) };
}

async function isCustomer(pools: ErasureDependencies['pools'], customerId: CustomerId): Promise<boolean> {
  const found = await Promise.all([
    findCustomer(pools.order, customerId),
    findContact(pools.notification, customerId),
    listErasures(pools.operator, customerId).then(([newest]) => newest),
  ]);
  return found.some((one) => one !== undefined);
}
