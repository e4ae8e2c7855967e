/** The product owner's six states. */
export const orderStatuses = [
  'PENDING_PAYMENT',
  'PAYMENT_FAILED',
  'PAYMENT_COMPLETED',
  'OUT_OF_STOCK',
  'INVENTORY_RESERVED',
  'COMPLETED',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

const finalStatuses: ReadonlySet<OrderStatus> = new Set(['PAYMENT_FAILED', 'OUT_OF_STOCK', 'COMPLETED']);

/** Final for the saga; R4 still lets a refund turn COMPLETED into OUT_OF_STOCK. */
export const isFinal = (status: OrderStatus): boolean => finalStatuses.has(status);

/** Why an order needs a person. STUCK: a service has left work unfinished for long, and waking it has not helped (R11). */
export const attentionCodes = [
  'NOTIFICATION_FAILED',
  'NOTIFICATION_OVERDUE',
  'CUSTOMER_TOLD_THEN_REFUNDED',
  'STUCK',
] as const;
export type AttentionCode = (typeof attentionCodes)[number];

/** Those that Order keeps in its own row. */
export type OrderAttentionCode = Exclude<AttentionCode, 'STUCK'>;
