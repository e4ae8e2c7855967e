import { emptyState, rowsOf, type StoredState } from '../core/simulation/database.js';
import { START } from '../core/simulation/scheduler.js';
import type { OrderId } from '../schemas/ids.js';
import { services } from '../schemas/services.js';
import type { NotificationRow } from '../db/notification/notification-row.js';
import type { ReservationRow } from '../db/inventory/reservation-row.js';
import type { OrderRow } from '../db/order/order-row.js';
import type { PaymentRow } from '../db/payment/payment-row.js';
import type { WalletMoney } from '../db/payment/wallet-room.js';

/** The rows of the four services for one order of a world. */
export interface Rows {
  readonly order?: OrderRow;
  readonly payment?: PaymentRow;
  readonly inventory?: ReservationRow;
  readonly notification?: NotificationRow;
}

/** Everything that is committed: what the core keeps, and the shop's balances and ledgers. */
export interface Stored extends StoredState {
  readonly rows: Readonly<Record<string, Rows>>;
  /** By customer; amounts in minor units. */
  readonly wallets: ReadonlyMap<string, Wallet>;
  readonly walletLedger: readonly WalletEntry[];
  /** The pieces of each product. */
  readonly stock: ReadonlyMap<string, Pieces>;
  readonly stockLedger: readonly StockEntry[];
  /** Who asked for a retry, by the request's key. */
  readonly operatorActions: ReadonlyMap<string, { readonly orderId: string; readonly operator: string }>;
}

export interface Wallet extends WalletMoney {
  readonly currency: string;
}

/** `amount` as the balance sees it: below zero for a charge. Deposits belong to no order. */
export interface WalletEntry {
  readonly kind: 'CHARGE' | 'REFUND' | 'DEPOSIT';
  readonly orderId: string | null;
  readonly customerId: string;
  readonly amount: number;
}

export interface Pieces {
  readonly available: number;
  readonly reserved: number;
}

/** `pieces` as the reserved ones see it: below zero for a release. */
export interface StockEntry {
  readonly kind: 'RESERVE' | 'RELEASE';
  readonly orderId: string;
  readonly sku: string;
  readonly pieces: number;
}

/** What there is before the first order: wallets by customer, and available pieces by product. */
export interface Shop {
  readonly wallets: Readonly<Record<string, { readonly balance: number; readonly currency: string }>>;
  readonly stock: Readonly<Record<string, number>>;
}

export const emptyShop = ({ wallets, stock }: Shop): Stored => ({
  ...emptyState,
  rows: {},
  sweptUntil: new Map(services.map((service) => [service, START])),
  wallets: new Map(Object.entries(wallets).map(([id, wallet]) => [id, { ...wallet, charged: 0 }])),
  walletLedger: [],
  stock: new Map(Object.entries(stock).map(([sku, available]) => [sku, { available, reserved: 0 }])),
  stockLedger: [],
  operatorActions: new Map(),
});

/** The rows of one order. */
export const rowsOfOrder = (stored: Stored, orderId: OrderId): Rows => rowsOf(stored, orderId);

/** What is charged for an order and not refunded, in minor units. */
export const chargedFor = ({ walletLedger }: Stored, orderId: OrderId): number =>
  walletLedger.filter((entry) => entry.orderId === orderId).reduce((sum, { amount }) => sum - amount, 0);

/** The pieces that are reserved for an order, by product. */
export function reservedFor({ stockLedger }: Stored, orderId: OrderId): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {};
  for (const entry of stockLedger)
    if (entry.orderId === orderId) sum[entry.sku] = (sum[entry.sku] ?? 0) + entry.pieces;
  return sum;
}
