import { z } from 'zod';
import { findProducts, listProducts, saveProduct, type Product } from '../../db/order/reference-data.js';
import type { Pool } from '../../core/postgres/pool.js';
import { limits } from '../../schemas/limits.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { pagingBy } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import * as shown from '../http/response-fields.js';

const product = z
  .strictObject({ sku: shown.sku, name: z.string(), price: shown.money })
  .meta({ id: 'Product' });
const path = z.object({ sku: field.sku });
const page = pagingBy(field.sku, ({ sku }: Product) => sku);

export const getProducts = (pool: Pool) =>
  operation({
    id: 'listProducts',
    summary: 'Lists products by SKU',
    query: z.strictObject(page.query),
    responses: { 200: { description: 'A page of products', body: shown.pageOf('products', product) } },
    caching: 'public',
    handle: async ({ query }) => {
      const { entries, nextCursor } = await page.read(query, (part) => listProducts(pool, part));
      return { status: 200, body: { products: entries, nextCursor } };
    },
  });

export const getProduct = (pool: Pool) =>
  operation({
    id: 'showProduct',
    summary: 'Shows a product',
    path,
    responses: { 200: { description: 'The product', body: product } },
    problems: ['not-found'],
    caching: 'public',
    handle: async ({ path: { sku } }) => {
      const [found] = await findProducts(pool, [sku]);
      if (!found) throw new Problem('not-found', `there is no product ${sku}`);
      return { status: 200, body: found };
    },
  });

export const putProduct = (pool: Pool) =>
  operation({
    id: 'putProduct',
    summary: 'Creates a product, or changes its name and price',
    description: 'Existing orders keep the price they were placed at.',
    path,
    body: z.strictObject({ name: field.name, price: field.money(limits.price) }),
    responses: { 200: { description: 'The product as saved', body: product } },
    problems: ['amount-out-of-range'],
    handle: async ({ path: { sku }, body: { name, price } }) => {
      await saveProduct(pool, { sku, name, price });
      return { status: 200, body: { sku, name, price } };
    },
  });
