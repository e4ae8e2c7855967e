import type { NotificationStore } from '../db/notification/notification-store.js';
import type { InventoryAct, InventoryActResult } from '../db/inventory/reservation-row.js';
import type { InventoryStore } from '../db/inventory/inventory-store.js';
import type { OrderStore } from '../db/order/order-store.js';
import type { PaymentAct, PaymentActResult } from '../db/payment/payment-row.js';
import type { PaymentStore } from '../db/payment/payment-store.js';
import type { DropCount, JournalTables, Store, StoreTransaction } from '../db/store.js';
import type { JournaledEvent } from '../schemas/inspection.js';
import type { SagaEvent } from '../schemas/event.js';
import type { EventId } from '../schemas/ids.js';
import { roleOf, type Service } from '../schemas/services.js';
import { emptyShop, type Shop, type Stored } from './stored.js';

/** What happens to one transaction: it may fail before it commits, or commit without anybody hearing of it. */
export type TransactionFate = 'COMMITS' | 'FAILS' | 'ANSWER_LOST';

/** Asked before each transaction, and may take its time to answer. */
export type Fate = () => Promise<TransactionFate>;

/** Told of each commit: what was, what is now, and who did it. Throws where a rule is broken. */
export type Watch = (service: Service, before: Stored, after: Stored) => void;

/** What PostgreSQL holds for the one order of a world, with the constraints that the real one has. */
export class SimulatedDatabase {
  stored: Stored;
  readonly #shop: Shop;
  readonly #watch: Watch;

  constructor(shop: Shop, watch: Watch) {
    this.stored = emptyShop(shop);
    this.#shop = shop;
    this.#watch = watch;
  }

  order = (fate: Fate): OrderStore => this.#store('order', fate, (act: never) => act);
  payment = (fate: Fate): PaymentStore => this.#store('payment', fate, (act) => this.#moveMoney(act));
  inventory = (fate: Fate): InventoryStore => this.#store('inventory', fate, (act) => this.#moveStock(act));
  notification = (fate: Fate): NotificationStore =>
    this.#store('notification', fate, ({ actionId, operator }) => {
      if (this.stored.operatorActions.has(actionId)) throw new Error(`operator action ${actionId} exists`);
      this.#write({ operatorActions: new Map(this.stored.operatorActions).set(actionId, operator) });
    });

  find = (eventId: EventId): JournaledEvent | undefined => this.stored.journal.get(eventId);

  markDelivered(eventId: EventId): void {
    const journaled = this.find(eventId);
    if (!journaled) throw new Error(`the journal holds no event ${eventId}`);
    this.#write({ journal: new Map(this.stored.journal).set(eventId, { ...journaled, delivered: true }) });
  }

  /** Nothing else runs between begin and commit, since a world takes one step at a time. */
  #store<Row, Act, Result>(
    service: Service,
    fate: Fate,
    perform: (act: Act) => Result,
  ): Store<Row, Act, Result> {
    const tx = this.#transaction<Row, Act, Result>(service, perform);
    const transaction = async <T>(
      work: (tx: StoreTransaction<Row, Act, Result>) => Promise<T>,
    ): Promise<T> => {
      const ending = await fate();
      if (ending === 'FAILS') throw new Error('rolled back');
      const before = this.stored;
      let result: T;
      try {
        result = await work(tx);
      } catch (error) {
        this.stored = before;
        throw error;
      }
      this.#watch(service, before, this.stored);
      if (ending === 'ANSWER_LOST') throw new Error('committed, but the answer was lost');
      return result;
    };
    return { service, transaction };
  }

  #transaction<Row, Act, Result>(
    service: Service,
    perform: (act: Act) => Result,
  ): StoreTransaction<Row, Act, Result> {
    const row = () => this.stored.rows[service] as Row | undefined;
    const save = (changed: unknown) => this.#write({ rows: { ...this.stored.rows, [service]: changed } });
    return {
      lockRow: () => {
        if (row() === undefined) save({ status: 'NOTHING' });
        return Promise.resolve(row() as Row);
      },
      readRow: () => Promise.resolve(row()),
      saveRow: (_, changed) => Promise.resolve(save(changed)),
      perform: (_, act) => Promise.resolve(perform(act)),
      inbox: {
        appliedBy: (key) => Promise.resolve(this.stored.inbox.get(`${service} ${key}`)),
        remember: ({ key, runId }) => {
          const id = `${service} ${key}`;
          if (this.stored.inbox.has(id)) return Promise.reject(new Error(`inbox: ${id} exists`));
          return Promise.resolve(this.#write({ inbox: new Map(this.stored.inbox).set(id, runId) }));
        },
      },
      journal: this.#journal(service),
    };
  }

  #journal(service: Service): JournalTables {
    const publishedBy = roleOf(service);
    return {
      find: (eventId) => Promise.resolve(this.find(eventId)),
      append: (event) => this.#append(event, publishedBy),
      undelivered: () =>
        Promise.resolve(
          [...this.stored.journal.values()]
            .filter((entry) => entry.publishedBy === publishedBy && !entry.delivered)
            .map(({ event }) => ({ eventId: event.payload.eventId, type: event.type })),
        ),
      countDrop: (drop) => {
        const id = dropId(service, drop);
        const seen = Math.max(this.stored.drops.get(id) ?? 0, drop.seen);
        return Promise.resolve(this.#write({ drops: new Map(this.stored.drops).set(id, seen) }));
      },
      quarantine: ({ reason, runId, signalName, body, seen }) => {
        const id = `${service} ${reason} ${signalName} ${runId} ${body}`;
        const most = Math.max(this.stored.quarantine.get(id) ?? 0, seen);
        return Promise.resolve(this.#write({ quarantine: new Map(this.stored.quarantine).set(id, most) }));
      },
    };
  }

  #append(event: SagaEvent, publishedBy: string): Promise<void> {
    const { eventId, causationId } = event.payload;
    if (this.stored.journal.has(eventId)) return Promise.reject(new Error(`journal: ${eventId} exists`));
    const causeType = causationId === null ? null : (this.find(causationId)?.event.type ?? null);
    const entry = { event, publishedBy, causeType, delivered: false };
    return Promise.resolve(this.#write({ journal: new Map(this.stored.journal).set(eventId, entry) }));
  }

  #moveMoney(act: PaymentAct): PaymentActResult {
    const amount: number = (act.kind === 'charge' ? act.order.payload.total : act.charge.total).amount;
    if (act.kind === 'charge' && this.#shop.balance === null) return 'NO_WALLET';
    if (act.kind === 'charge' && this.stored.balance < amount) return 'INSUFFICIENT_BALANCE';
    const kind = act.kind === 'charge' ? 'CHARGE' : 'REFUND';
    if (this.stored.wallet.includes(kind)) throw new Error(`wallet ledger: a second ${kind}`);
    const balance = this.stored.balance + (kind === 'CHARGE' ? -amount : amount);
    this.#write({ balance, wallet: [...this.stored.wallet, kind] });
    return 'DONE';
  }

  #moveStock(act: InventoryAct): InventoryActResult {
    const items = act.kind === 'reserve' ? act.payment.payload.items : act.items;
    const pieces = items.reduce((sum, { quantity }) => sum + quantity, 0);
    if (act.kind === 'reserve' && this.#shop.available === null) return 'UNKNOWN_SKU';
    if (act.kind === 'reserve' && this.stored.available < pieces) return 'OUT_OF_STOCK';
    const kind = act.kind === 'reserve' ? 'RESERVE' : 'RELEASE';
    if (this.stored.stock.includes(kind)) throw new Error(`stock ledger: a second ${kind}`);
    const available = this.stored.available + (kind === 'RESERVE' ? -pieces : pieces);
    this.#write({ available, stock: [...this.stored.stock, kind] });
    return 'DONE';
  }

  #write(change: Partial<Stored>): void {
    this.stored = { ...this.stored, ...change };
  }
}

const dropId = (service: Service, { eventId, runId, why }: DropCount): string =>
  `${service} ${eventId} ${why} ${runId}`;
