import type { NotificationRow } from '../db/notification/notification-row.js';
import type { ReservationRow } from '../db/inventory/reservation-row.js';
import type { OrderRow } from '../db/order/order-row.js';
import type { PaymentRow } from '../db/payment/payment-row.js';
import type { JournaledEvent } from '../schemas/inspection.js';
import type { EventId } from '../schemas/ids.js';

/** The rows of the four services for the one order of a world. */
export interface Rows {
  readonly order?: OrderRow;
  readonly payment?: PaymentRow;
  readonly inventory?: ReservationRow;
  readonly notification?: NotificationRow;
}

/** Everything that is committed. It is replaced, never changed, so a transaction that fails leaves no trace. */
export interface Stored {
  readonly rows: Rows;
  /** The run that applied a step, by service and key. */
  readonly inbox: ReadonlyMap<string, string>;
  /** In the order of writing. */
  readonly journal: ReadonlyMap<EventId, JournaledEvent>;
  /** The customer's balance in minor units, and its ledger. */
  readonly balance: number;
  readonly wallet: readonly ('CHARGE' | 'REFUND')[];
  /** The pieces that are left, and their ledger. */
  readonly available: number;
  readonly stock: readonly ('RESERVE' | 'RELEASE')[];
  /** How often, by service, event, why and run. */
  readonly drops: ReadonlyMap<string, number>;
  readonly quarantine: ReadonlyMap<string, number>;
  readonly operatorActions: ReadonlyMap<string, string>;
}

/** What there is before the order: a balance and pieces, or null where there is no wallet or no such product. */
export interface Shop {
  readonly balance: number | null;
  readonly available: number | null;
}

export const emptyShop = ({ balance, available }: Shop): Stored => ({
  rows: {},
  inbox: new Map(),
  journal: new Map(),
  balance: balance ?? 0,
  wallet: [],
  available: available ?? 0,
  stock: [],
  drops: new Map(),
  quarantine: new Map(),
  operatorActions: new Map(),
});
