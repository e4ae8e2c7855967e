/** Why a payment did not happen (PaymentFailedEvent). */
export const paymentFailureReasons = [
  'INSUFFICIENT_BALANCE',
  'NO_WALLET',
  'PAYMENT_ERROR',
  'PAYMENT_TIMEOUT',
  'ORDER_CANCELLED',
] as const;
export type PaymentFailureReason = (typeof paymentFailureReasons)[number];

/** Why a reservation did not happen (InventoryReservationFailedEvent). */
export const reservationFailureReasons = [
  'OUT_OF_STOCK',
  'UNKNOWN_SKU',
  'INVENTORY_ERROR',
  'INVENTORY_TIMEOUT',
] as const;
export type ReservationFailureReason = (typeof reservationFailureReasons)[number];

/** Why a payment was refunded (PaymentCancelledEvent). */
export const refundReasons = [...reservationFailureReasons, 'ORDER_CANCELLED'] as const;
export type RefundReason = (typeof refundReasons)[number];

/** Why Order itself gave up (OrderCancelledEvent). */
export const cancellationReasons = ['PAYMENT_TIMEOUT', 'SAGA_TIMEOUT'] as const;
export type CancellationReason = (typeof cancellationReasons)[number];

/** Every reason an order can show for not having been completed. */
export const reasons = [
  ...new Set([...paymentFailureReasons, ...refundReasons, ...cancellationReasons]),
] as const;
export type Reason = (typeof reasons)[number];
