import type { CorrelationId, EpochMillis } from '../../core/event.js';
import type { Currency, CustomerId, MinorUnits } from '../../schemas/ids.js';
import type { OrderStatus } from '../../schemas/order-status.js';
import type { PlacedItem } from '../../schemas/placement.js';
import type { Reason } from '../../schemas/reasons.js';
import { millis } from '../epoch-millis.js';
import type { PlacedOrder } from './order-row.js';

/** What is read of an order by the participant, which works on it, and by the API, which shows it. */
export interface OrderRecord {
  readonly status: OrderStatus;
  readonly reason: Reason | null;
  readonly customer_id: CustomerId;
  readonly items: readonly PlacedItem[];
  readonly total: MinorUnits;
  readonly currency: Currency;
  readonly correlation_id: CorrelationId;
  readonly request_digest: string | null;
  readonly told_at: EpochMillis | null;
  readonly refunded_at: EpochMillis | null;
  readonly history: PlacedOrder['history'];
  readonly attention: PlacedOrder['attention'];
}

/** The columns of an `OrderRecord`, of `orders.orders placed`. */
export const orderColumns = `
  status, reason, customer_id, items, total, currency, correlation_id, request_digest,
  ${millis('told_at')} as told_at, ${millis('refunded_at')} as refunded_at,
  array(select json_build_object('status', entry.status, 'at', ${millis('at')}, 'eventId', event_id)
        from orders.status_history entry where entry.order_id = placed.order_id order by position) as history,
  array(select json_build_object('code', code, 'since', ${millis('since')}, 'clearedAt', ${millis('cleared_at')})
        from orders.attention entry where entry.order_id = placed.order_id order by since, code) as attention`;

export const fromRecord = (record: OrderRecord) => ({
  status: record.status,
  placement: {
    customerId: record.customer_id,
    items: record.items,
    total: { amount: record.total, currency: record.currency },
    correlationId: record.correlation_id,
    requestDigest: record.request_digest,
  },
  reason: record.reason,
  toldAt: record.told_at,
  refundedAt: record.refunded_at,
  history: record.history,
  attention: record.attention,
});
