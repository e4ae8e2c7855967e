import { SimulatedDatabase, type Fate, type Watch } from '../core/simulation/database.js';
import type { EpochMillis } from '../core/event.js';
import { choreography } from '../schemas/catalogue.js';
import type { InventoryStore } from '../db/inventory/reservations.js';
import type { StockCommand, StockResult } from '../db/inventory/reservation-row.js';
import type { NotificationStore } from '../db/notification/notifications.js';
import type { OrderStore } from '../db/order/orders.js';
import type { PaymentStore } from '../db/payment/payments.js';
import { roomIn } from '../db/payment/wallet-room.js';
import type { WalletCommand, WalletResult } from '../db/payment/payment-row.js';
import { orderedPieces } from './order.js';
import { emptyShop, type Shop, type Stored } from './stored.js';

/** The shop's tables for the one order of a world, with the constraints that the real ones have. */
export class ShopDatabase extends SimulatedDatabase<Stored> {
  readonly #shop: Shop;

  constructor(shop: Shop, watch: Watch<Stored>, now: () => EpochMillis) {
    super(choreography, emptyShop(shop), watch, now);
    this.#shop = shop;
  }

  order = (fate: Fate): OrderStore => this.store('order', fate);
  payment = (fate: Fate): PaymentStore =>
    this.store('payment', fate, (command: WalletCommand) => this.#moveMoney(command));
  inventory = (fate: Fate): InventoryStore =>
    this.store('inventory', fate, (command: StockCommand) => this.#moveStock(command));
  notification = (fate: Fate): NotificationStore =>
    this.store('notification', fate, ({ actionId, operator }) => {
      if (this.stored.operatorActions.has(actionId)) throw new Error(`operator action ${actionId} exists`);
      this.write({ operatorActions: new Map(this.stored.operatorActions).set(actionId, operator) });
    });

  #moveMoney({ kind, total }: WalletCommand): WalletResult {
    const amount: number = total.amount;
    if (kind === 'debit' && this.#shop.balance === null) return 'NO_WALLET';
    if (kind === 'debit' && this.stored.balance < amount) return 'INSUFFICIENT_BALANCE';
    const entry = kind === 'debit' ? 'CHARGE' : 'REFUND';
    if (this.stored.wallet.includes(entry)) throw new Error(`wallet ledger: a second ${entry}`);
    const moved = kind === 'debit' ? amount : -amount;
    const { balance, charged, wallet } = this.stored;
    this.write({ balance: balance - moved, charged: charged + moved, wallet: [...wallet, entry] });
    return 'DONE';
  }

  /** The customer deposits as much as the wallet can take. */
  fillWallet(): void {
    this.write({ balance: this.stored.balance + roomIn(this.stored) });
  }

  #moveStock({ kind, items }: StockCommand): StockResult {
    const pieces = orderedPieces(items);
    if (kind === 'reserve' && this.#shop.available === null) return 'UNKNOWN_SKU';
    if (kind === 'reserve' && this.stored.available < pieces) return 'OUT_OF_STOCK';
    const entry = kind === 'reserve' ? 'RESERVE' : 'RELEASE';
    if (this.stored.stock.includes(entry)) throw new Error(`stock ledger: a second ${entry}`);
    const available = this.stored.available + (kind === 'reserve' ? -pieces : pieces);
    this.write({ available, stock: [...this.stored.stock, entry] });
    return 'DONE';
  }
}
