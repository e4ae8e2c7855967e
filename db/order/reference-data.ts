import type { CustomerId, Currency, MinorUnits, Sku } from '../../schemas/ids.js';
import type { Money } from '../../schemas/placement.js';
import type { Pool } from '../../core/postgres/pool.js';

export interface Customer {
  readonly customerId: CustomerId;
  readonly name: string;
}

export interface Product {
  readonly sku: Sku;
  readonly name: string;
  readonly price: Money;
}

export async function findCustomer(pool: Pool, customerId: CustomerId): Promise<Customer | undefined> {
  const { rows } = await pool.query<Customer>(
    `select customer_id as "customerId", name from orders.customers where customer_id = $1`,
    [customerId],
  );
  return rows[0];
}

/** By id, at most `limit`, from the one that comes after `after`. */
export async function listCustomers(
  pool: Pool,
  { after, limit }: { readonly after?: CustomerId | undefined; readonly limit: number },
): Promise<readonly Customer[]> {
  const { rows } = await pool.query<Customer>(
    `select customer_id as "customerId", name from orders.customers
     where $1::text is null or customer_id > $1 order by customer_id limit $2`,
    [after, limit],
  );
  return rows;
}

/** Creates the customer, or changes the name. */
export async function saveCustomer(pool: Pool, { customerId, name }: Customer): Promise<void> {
  await pool.query(
    `insert into orders.customers (customer_id, name) values ($1, $2)
     on conflict (customer_id) do update set name = excluded.name`,
    [customerId, name],
  );
}

/** Those of the products that exist, in no particular order. */
export async function findProducts(pool: Pool, skus: readonly Sku[]): Promise<readonly Product[]> {
  const { rows } = await pool.query<ProductRecord>(
    `select sku, name, price, currency from orders.products where sku = any ($1)`,
    [skus],
  );
  return rows.map(toProduct);
}

/** What an order is priced by: whether there is the customer, and those of the products that exist, in no order. */
export interface PriceList {
  readonly isCustomer: boolean;
  readonly products: readonly Product[];
}

export async function findPriceList(
  pool: Pool,
  customerId: CustomerId,
  skus: readonly Sku[],
): Promise<PriceList> {
  const { rows } = await pool.query<{ is_customer: boolean } & (ProductRecord | { sku: null })>(
    `select exists (select from orders.customers where customer_id = $1) as is_customer, sku, name, price, currency
     from (select) one left join orders.products on sku = any ($2)`,
    [customerId, skus],
  );
  const products = rows.flatMap((row) => (row.sku === null ? [] : [toProduct(row)]));
  return { isCustomer: rows[0]?.is_customer ?? false, products };
}

/** By sku, at most `limit`, from the one that comes after `after`. */
export async function listProducts(
  pool: Pool,
  { after, limit }: { readonly after?: Sku | undefined; readonly limit: number },
): Promise<readonly Product[]> {
  const { rows } = await pool.query<ProductRecord>(
    `select sku, name, price, currency from orders.products
     where $1::text is null or sku > $1 order by sku limit $2`,
    [after, limit],
  );
  return rows.map(toProduct);
}

/** Creates the product, or changes its name and price; orders keep the price they were placed at. */
export async function saveProduct(pool: Pool, { sku, name, price }: Product): Promise<void> {
  await pool.query(
    `insert into orders.products (sku, name, price, currency) values ($1, $2, $3, $4)
     on conflict (sku) do update
       set name = excluded.name, price = excluded.price, currency = excluded.currency`,
    [sku, name, price.amount, price.currency],
  );
}

interface ProductRecord {
  readonly sku: Sku;
  readonly name: string;
  readonly price: MinorUnits;
  readonly currency: Currency;
}

const toProduct = ({ sku, name, price, currency }: ProductRecord): Product => ({
  sku,
  name,
  price: { amount: price, currency },
});
