import type { FeedData, Order } from '../api/documents.js';

/** What a row of the list shows. */
export type OrderRow = Pick<
  Order,
  'orderId' | 'customerId' | 'items' | 'total' | 'status' | 'attention' | 'createdAt' | 'updatedAt'
> & {
  readonly reason: string | null;
  /** It was placed while the list was shown. */
  readonly isNew?: boolean;
};

/** An order as it begins. */
export const placedRow = (data: FeedData['placed']): OrderRow => ({
  orderId: data.orderId,
  customerId: data.customerId,
  items: data.items,
  total: data.total,
  status: 'PENDING_PAYMENT',
  reason: null,
  attention: [],
  createdAt: data.at,
  updatedAt: data.at,
  isNew: true,
});
