import { emptyState, type StoredState } from '../core/simulation/database.js';
import { START } from '../core/simulation/scheduler.js';
import { services } from '../schemas/services.js';
import type { NotificationRow } from '../db/notification/notification-row.js';
import type { ReservationRow } from '../db/inventory/reservation-row.js';
import type { OrderRow } from '../db/order/order-row.js';
import type { PaymentRow } from '../db/payment/payment-row.js';

/** The rows of the four services for the one order of a world. */
export interface Rows {
  readonly order?: OrderRow;
  readonly payment?: PaymentRow;
  readonly inventory?: ReservationRow;
  readonly notification?: NotificationRow;
}

/** Everything that is committed: what the core keeps, and the shop's balances and ledgers. */
export interface Stored extends StoredState {
  readonly rows: Rows;
  /** The customer's balance in minor units, and its ledger. */
  readonly balance: number;
  /** Charged and not refunded. */
  readonly charged: number;
  readonly wallet: readonly ('CHARGE' | 'REFUND')[];
  /** The pieces that are left, and their ledger. */
  readonly available: number;
  readonly stock: readonly ('RESERVE' | 'RELEASE')[];
  /** Who asked for a retry, by the request's key. */
  readonly operatorActions: ReadonlyMap<string, string>;
}

/** What there is before the order: a balance and pieces, or null where there is no wallet or no such product. */
export interface Shop {
  readonly balance: number | null;
  readonly available: number | null;
}

export const emptyShop = ({ balance, available }: Shop): Stored => ({
  ...emptyState,
  rows: {},
  sweptUntil: new Map(services.map((service) => [service, START])),
  balance: balance ?? 0,
  charged: 0,
  wallet: [],
  available: available ?? 0,
  stock: [],
  operatorActions: new Map(),
});
