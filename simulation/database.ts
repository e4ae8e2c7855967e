import { SimulatedDatabase, type Fate, type Watch } from '../core/simulation/database.js';
import type { SimulatedTransaction } from '../core/simulation/transaction.js';
import type { EpochMillis } from '../core/event.js';
import { choreography } from '../schemas/catalogue.js';
import type { CustomerId, OrderId } from '../schemas/ids.js';
import type { InventoryStore } from '../db/inventory/reservations.js';
import type { StockCommand, StockResult } from '../db/inventory/reservation-row.js';
import type { NotificationStore } from '../db/notification/notifications.js';
import type { RecordRetry } from '../db/notification/notification-row.js';
import type { OrderStore } from '../db/order/orders.js';
import type { PaymentStore } from '../db/payment/payments.js';
import { roomIn } from '../db/payment/wallet-room.js';
import type { WalletCommand, WalletResult } from '../db/payment/payment-row.js';
import { emptyShop, type Pieces, type Shop, type Stored } from './stored.js';

type Tx = SimulatedTransaction<Stored>;

/** The shop's tables, with the constraints and the row locks that the real ones have. */
export class ShopDatabase extends SimulatedDatabase<Stored> {
  constructor(shop: Shop, watch: Watch<Stored>, now: () => EpochMillis) {
    super(choreography, emptyShop(shop), watch, now);
  }

  order = (fate: Fate): OrderStore => this.store('order', fate);
  payment = (fate: Fate): PaymentStore => this.store('payment', fate, moveMoney);
  inventory = (fate: Fate): InventoryStore => this.store('inventory', fate, moveStock);
  notification = (fate: Fate): NotificationStore => this.store('notification', fate, recordRetry);

  /** The customer deposits as much as the wallet can take. */
  fillWallet(customerId: string): void {
    const wallet = this.stored.wallets.get(customerId);
    const amount = wallet === undefined ? 0 : roomIn(wallet);
    if (!wallet || amount === 0) return;
    const entry = { kind: 'DEPOSIT', orderId: null, customerId, amount } as const;
    this.write({
      wallets: new Map(this.stored.wallets).set(customerId, { ...wallet, balance: wallet.balance + amount }),
      walletLedger: [...this.stored.walletLedger, entry],
    });
  }
}

/** One conditional update of the wallet, which waits for whoever has locked it. */
async function moveMoney(
  tx: Tx,
  orderId: OrderId,
  { kind, customerId, total }: WalletCommand,
): Promise<WalletResult> {
  await tx.lock(`wallet ${customerId}`);
  const amount: number = total.amount;
  const wallet = tx.state.wallets.get(customerId);
  const isThere = wallet?.currency === total.currency;
  if (kind === 'debit' && !isThere) return 'NO_WALLET';
  if (!isThere) throw new Error(`the wallet charged for order ${orderId} is gone`);
  if (kind === 'debit' && wallet.balance < amount) return 'INSUFFICIENT_BALANCE';
  addToWallet(tx, orderId, customerId, kind === 'debit' ? -amount : amount);
  return 'DONE';
}

function addToWallet(tx: Tx, orderId: OrderId, customerId: CustomerId, amount: number): void {
  const kind = amount < 0 ? 'CHARGE' : 'REFUND';
  if (tx.state.walletLedger.some((entry) => entry.orderId === orderId && entry.kind === kind))
    throw new Error(`wallet ledger: a second ${kind}`);
  tx.write(({ wallets, walletLedger }) => {
    const { currency, balance, charged } = wallets.get(customerId) ?? NO_WALLET;
    const changed = { currency, balance: balance + amount, charged: charged - amount };
    return {
      wallets: new Map(wallets).set(customerId, changed),
      walletLedger: [...walletLedger, { kind, orderId, customerId, amount }],
    };
  });
}

const NO_WALLET = { currency: '', balance: 0, charged: 0 };

/** All items or none; the products are locked in the order of their names. */
async function moveStock(tx: Tx, orderId: OrderId, { kind, items }: StockCommand): Promise<StockResult> {
  for (const sku of items.map((item) => item.sku).sort()) await tx.lock(`stock ${sku}`);
  const piecesOf = (sku: string): Pieces | undefined => tx.state.stock.get(sku);
  if (kind === 'reserve' && items.some(({ sku }) => piecesOf(sku) === undefined)) return 'UNKNOWN_SKU';
  const isShort = items.some(({ sku, quantity }) => (piecesOf(sku)?.available ?? 0) < quantity);
  if (kind === 'reserve' && isShort) return 'OUT_OF_STOCK';
  const sign = kind === 'reserve' ? 1 : -1;
  for (const { sku, quantity } of items) movePieces(tx, orderId, sku, sign * quantity);
  return 'DONE';
}

function movePieces(tx: Tx, orderId: OrderId, sku: string, pieces: number): void {
  const kind = pieces > 0 ? 'RESERVE' : 'RELEASE';
  const isDone = tx.state.stockLedger.some(
    (entry) => entry.orderId === orderId && entry.sku === sku && entry.kind === kind,
  );
  if (isDone) throw new Error(`stock ledger: a second ${kind} of ${sku}`);
  tx.write(({ stock, stockLedger }) => {
    const { available, reserved } = stock.get(sku) ?? { available: 0, reserved: 0 };
    const moved = { available: available - pieces, reserved: reserved + pieces };
    return {
      stock: new Map(stock).set(sku, moved),
      stockLedger: [...stockLedger, { kind, orderId, sku, pieces }],
    };
  });
}

async function recordRetry(tx: Tx, orderId: OrderId, { actionId, operator }: RecordRetry): Promise<void> {
  await tx.lock(`operator action ${actionId}`);
  if (tx.state.operatorActions.has(actionId)) throw new Error(`operator action ${actionId} exists`);
  tx.write(({ operatorActions }) => ({
    operatorActions: new Map(operatorActions).set(actionId, { orderId, operator }),
  }));
}
