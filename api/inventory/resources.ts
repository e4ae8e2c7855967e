import { z } from 'zod';
import type { Pool } from '../../db/pool.js';
import { findStock, listStock, restock, type RestockResult, type Stock } from '../../db/inventory/stock.js';
import * as shown from '../http/response-fields.js';
import { cursorOf, toPage } from '../http/paging.js';
import { digestOf } from '../request-digest.js';
import type { Face } from '../http/router.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { Problem } from '../http/problem.js';

/** Inventory's face: stock, and restocks. */
export const inventoryFace = (pool: Pool): Face => ({
  name: 'Inventory',
  description: 'Stock, and restocks.',
  resources: {
    '/stock': { get: list(pool) },
    '/stock/{sku}': { get: show(pool) },
    '/stock/{sku}/restocks': { post: makeRestock(pool) },
  },
});

const pieces = z.int().min(0);
const stock = z
  .strictObject({
    sku: shown.sku,
    available: pieces.meta({ description: 'can be ordered' }),
    reserved: pieces.meta({ description: 'set aside for orders' }),
  })
  .meta({ id: 'Stock' });
const path = z.object({ sku: field.sku });

const list = (pool: Pool) =>
  operation({
    id: 'listStock',
    summary: 'Lists the stock, by product',
    query: z.strictObject({ limit: field.limit, cursor: cursorOf(z.tuple([field.sku])).optional() }),
    answers: { 200: { description: 'A page of the stock', body: shown.pageOf('stock', stock) } },
    caching: 'public',
    handle: async ({ query: { limit, cursor } }) => {
      const found = await listStock(pool, { after: cursor?.[0], limit: limit + 1 });
      const { page, nextCursor } = toPage(found, limit, ({ sku }) => [sku]);
      return { status: 200, body: { stock: page, nextCursor } };
    },
  });

const show = (pool: Pool) =>
  operation({
    id: 'showStock',
    summary: 'Shows how much there is of a product',
    path,
    answers: { 200: { description: 'The stock of the product', body: stock } },
    problems: ['not-found'],
    caching: 'public',
    handle: async ({ path: { sku } }) => {
      const found = await findStock(pool, sku);
      if (!found) throw new Problem('not-found', `there is no stock of ${sku}`);
      return { status: 200, body: found };
    },
  });

const makeRestock = (pool: Pool) =>
  operation({
    id: 'restock',
    summary: 'Puts pieces on the shelf, once per key',
    description: 'The first restock creates the entry.',
    path,
    headers: z.object({ 'Idempotency-Key': field.idempotencyKey }),
    body: z.strictObject({ quantity: field.quantity(Number.MAX_SAFE_INTEGER) }),
    answers: { 200: { description: 'The stock as it is now', body: stock, headers: shown.replayHeader } },
    problems: ['quantity-out-of-range', 'total-too-large', 'idempotency-key-reused'],
    handle: async ({ path: { sku }, body: { quantity }, headers }) => {
      const result = await restock(pool, {
        sku,
        quantity,
        idempotencyKey: headers['Idempotency-Key'],
        requestDigest: digestOf([quantity]),
        at: new Date(),
      });
      return {
        status: 200,
        headers: shown.replayHeaderIf(result.outcome === 'REPLAYED'),
        body: stockOf(result),
      };
    },
  });

/** A repeat is answered with the stock as it is now. */
function stockOf(result: RestockResult): Stock {
  switch (result.outcome) {
    case 'RESTOCKED':
    case 'REPLAYED':
      return result.stock;
    case 'KEY_REUSED':
      throw new Problem('idempotency-key-reused', 'the key belongs to another restock of this product');
    case 'STOCK_TOO_LARGE':
      throw new Problem('total-too-large', 'the stock would be more than can be counted exactly');
  }
}
