import { z } from 'zod';
import { findStock, listStock, restock, type Stock } from '../../db/inventory/stock.js';
import type { Pool } from '../../core/postgres/pool.js';
import { limits } from '../../schemas/limits.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { pagingBy } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import * as shown from '../http/response-fields.js';
import type { ResourceGroup } from '../http/router.js';
import { problemOf } from '../refusals.js';
import { digestOf } from '../request-digest.js';

export const inventoryResources = (pool: Pool): ResourceGroup => ({
  name: 'Inventory',
  description: 'Stock and restocks.',
  resources: {
    '/stock': { get: getAllStock(pool) },
    '/stock/{sku}': { get: getStock(pool) },
    '/stock/{sku}/restocks': { post: postRestock(pool) },
  },
});

const pieces = shown.bounded(limits.stock);
const stock = z
  .strictObject({
    sku: shown.sku,
    available: pieces.meta({ description: 'can be ordered' }),
    reserved: pieces.meta({ description: 'set aside for orders' }),
  })
  .meta({ id: 'Stock' });
const path = z.object({ sku: field.sku });
const page = pagingBy(field.sku, ({ sku }: Stock) => sku);

const getAllStock = (pool: Pool) =>
  operation({
    id: 'listStock',
    summary: 'Lists stock by product',
    query: z.strictObject(page.query),
    responses: { 200: { description: 'A page of stock', body: shown.pageOf('stock', stock) } },
    caching: 'public',
    handle: async ({ query }) => {
      const { entries, nextCursor } = await page.read(query, (part) => listStock(pool, part));
      return { status: 200, body: { stock: entries, nextCursor } };
    },
  });

const getStock = (pool: Pool) =>
  operation({
    id: 'showStock',
    summary: 'Shows the stock of a product',
    path,
    responses: { 200: { description: 'The stock of the product', body: stock } },
    problems: ['not-found'],
    caching: 'public',
    handle: async ({ path: { sku } }) => {
      const found = await findStock(pool, sku);
      if (!found) throw new Problem('not-found', `there is no stock of ${sku}`);
      return { status: 200, body: found };
    },
  });

const postRestock = (pool: Pool) =>
  operation({
    id: 'restock',
    summary: 'Adds pieces to the stock of a product, once per key',
    description: 'The first restock creates the entry.',
    path,
    headers: z.object({ 'Idempotency-Key': field.idempotencyKey }),
    body: z.strictObject({ quantity: field.quantity(limits.restock) }),
    responses: {
      200: { description: 'The current stock, also for a repeat', body: stock, headers: shown.replayHeader },
    },
    problems: ['quantity-out-of-range', 'total-too-large', 'idempotency-key-reused', 'outcome-unknown'],
    handle: async ({ path: { sku }, body: { quantity }, headers: { 'Idempotency-Key': key } }) => {
      const result = await restock(pool, {
        sku,
        quantity,
        idempotencyKey: key,
        requestDigest: digestOf([quantity]),
      });
      if (!('stock' in result)) throw problemOf({ reason: result.outcome, by: 'restock' });
      return {
        status: 200,
        headers: shown.replayHeaderIf(result.outcome === 'REPLAYED'),
        body: result.stock,
      };
    },
  });
