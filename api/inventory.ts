import { Router } from 'express';
import { z } from 'zod';
import type { Pool } from '../db/pool.js';
import { findStock, restock, type RestockResult, type Stock } from '../db/inventory/stock.js';
import { digestOf } from './http/digest.js';
import * as field from './http/fields.js';
import { Problem } from './http/problem.js';
import { resource } from './http/resource.js';
import { readBody, readHeader, readParameters } from './http/validate.js';

const stockPath = z.object({ sku: field.sku });
const restockBody = z.strictObject({ quantity: field.quantity(Number.MAX_SAFE_INTEGER) });

/** Inventory's face: stock, and restocks. */
export function inventoryRouter(pool: Pool): Router {
  const router = Router();
  resource(router, '/stock/:sku', {
    get: async (request, response) => {
      const { sku } = readParameters(request.params, stockPath);
      const stock = await findStock(pool, sku);
      if (!stock) throw new Problem('not-found', `there is no stock of ${sku}`);
      response.json(stock);
    },
  });
  resource(router, '/stock/:sku/restocks', {
    post: async (request, response) => {
      const { sku } = readParameters(request.params, stockPath);
      const { quantity } = readBody(request, restockBody);
      const idempotencyKey = readHeader(request, 'Idempotency-Key', field.idempotencyKey);
      const requestDigest = digestOf([quantity]);
      const result = await restock(pool, { sku, quantity, idempotencyKey, requestDigest, at: new Date() });
      const stock = stockOf(result);
      if (result.outcome === 'REPLAYED') response.set('Idempotent-Replayed', 'true');
      response.json(stock);
    },
  });
  return router;
}

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
