import { v4 } from 'uuid';
import type { CorrelationId } from '../../core/event.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { Currency, CustomerId, MinorUnits, OrderId, Sku } from '../../schemas/ids.js';
import type { Money, PlacedItem } from '../../schemas/placement.js';
import { seededRandom } from '../../tools/demo/random.js';
import type { NewOrder } from '../contender.js';

/** So many that orders in flight hardly ever wait for each other's rows. */
const CUSTOMERS = 50;
const PRODUCTS = 20;

const krw = (amount: number): Money => ({ amount: amount as MinorUnits, currency: 'KRW' as Currency });
const PRICE = krw(25_000);

/** The customers and products of one contender, so that its money and stock can be counted by themselves. */
export class Shop {
  /** Begins the names of all customers and products. */
  readonly name: string;
  readonly #random = seededRandom(1);

  private constructor(name: string) {
    this.name = name;
  }

  static async open(owner: Pool, name: string): Promise<Shop> {
    const shop = new Shop(name);
    const customers = [...numbered(CUSTOMERS, shop.#customer), shop.#named('poor'), shop.#named('silent')];
    const products = [...numbered(PRODUCTS, shop.#product), shop.#named('sold-out')];
    await owner.query(stocked, [customers, products, name]);
    return shop;
  }

  /** One to three pieces each of two products. */
  order(): NewOrder {
    const first = this.#below(PRODUCTS);
    const other = (first + 1 + this.#below(PRODUCTS - 1)) % PRODUCTS;
    const pieces = () => 1 + this.#below(3);
    return orderOf(this.#customer(this.#below(CUSTOMERS)), [
      [this.#product(first), pieces()],
      [this.#product(other), pieces()],
    ]);
  }

  orders(count: number): readonly NewOrder[] {
    return Array.from({ length: count }, () => this.order());
  }

  /** Is paid, and refunded: of the second product there is one piece only. */
  outOfStock(): NewOrder {
    return orderOf(this.#customer(0), [
      [this.#product(0), 1],
      [this.#named('sold-out'), 2],
    ]);
  }

  /** The customer has no money. */
  unpaid(): NewOrder {
    return orderOf(this.#named('poor'), [[this.#product(0), 1]]);
  }

  /** The customer has no address, so the order waits for the next attempt to send the mail. */
  waiting(): NewOrder {
    return orderOf(this.#named('silent'), [[this.#product(0), 1]]);
  }

  readonly #customer = (n: number) => this.#named(`customer-${n}`);
  readonly #product = (n: number) => this.#named(`product-${n}`);
  readonly #named = (name: string) => `${this.name}-${name}`;
  readonly #below = (limit: number) => Math.floor(this.#random() * limit);
}

const numbered = (count: number, name: (n: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, n) => name(n));

function orderOf(customerId: string, wanted: readonly (readonly [string, number])[]): NewOrder {
  const items = wanted.map(([sku, quantity]): PlacedItem => ({
    sku: sku as Sku,
    quantity,
    unitPrice: PRICE,
  }));
  const pieces = wanted.reduce((sum, [, quantity]) => sum + quantity, 0);
  return {
    orderId: v4() as OrderId,
    customerId: customerId as CustomerId,
    items,
    total: krw(pieces * PRICE.amount),
    correlationId: v4() as CorrelationId,
    requestDigest: null,
  };
}

/** Whose name ends in `poor` has no money, in `silent` no address, and of `sold-out` there is one piece. */
const stocked = `
  with customers as (select unnest($1::text[]) as id), products as (select unnest($2::text[]) as sku),
  named as (insert into orders.customers (customer_id, name) select id, id from customers),
  priced as (
    insert into orders.products (sku, name, price, currency)
    select sku, sku, ${PRICE.amount}, '${PRICE.currency}' from products),
  wallets as (
    insert into payment.wallets (customer_id, currency, balance)
    select id, '${PRICE.currency}', case when id like '%-poor' then 1 else 100000000000 end from customers
    returning customer_id, balance),
  deposits as (
    insert into payment.wallet_ledger (customer_id, kind, amount, idempotency_key, at)
    select customer_id, 'DEPOSIT', balance, $3, now() from wallets),
  shelves as (
    insert into inventory.stock (sku, available, reserved)
    select sku, case when sku like '%-sold-out' then 1 else 10000000 end, 0 from products
    returning sku, available),
  restocks as (
    insert into inventory.stock_ledger (sku, kind, available_change, reserved_change, idempotency_key, at)
    select sku, 'RESTOCK', available, 0, $3, now() from shelves)
  insert into notification.contacts (customer_id, email)
  select id, id || '@shop.example' from customers where id not like '%-silent'`;
