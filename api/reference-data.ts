import { Router } from 'express';
import { z } from 'zod';
import type { Pool } from '../db/pool.js';
import { findCustomer, findProducts, saveCustomer, saveProduct } from '../db/order/reference-data.js';
import * as field from './http/fields.js';
import { Problem } from './http/problem.js';
import { resource } from './http/resource.js';
import { readBody, readParameters } from './http/validate.js';

const customerPath = z.object({ customerId: field.customerId });
const customerBody = z.strictObject({ name: field.name });
const productPath = z.object({ sku: field.sku });
const productBody = z.strictObject({ name: field.name, price: field.money(0) });

/** Order's face for its reference data: customers and products. */
export function referenceDataRouter(pool: Pool): Router {
  const router = Router();
  resource(router, '/customers/:customerId', {
    get: async (request, response) => {
      const { customerId } = readParameters(request.params, customerPath);
      const customer = await findCustomer(pool, customerId);
      if (!customer) throw new Problem('not-found', `there is no customer ${customerId}`);
      response.json(customer);
    },
    put: async (request, response) => {
      const { customerId } = readParameters(request.params, customerPath);
      const customer = { customerId, ...readBody(request, customerBody) };
      await saveCustomer(pool, customer);
      response.json(customer);
    },
  });
  resource(router, '/products/:sku', {
    get: async (request, response) => {
      const { sku } = readParameters(request.params, productPath);
      const [product] = await findProducts(pool, [sku]);
      if (!product) throw new Problem('not-found', `there is no product ${sku}`);
      response.json(product);
    },
    put: async (request, response) => {
      const { sku } = readParameters(request.params, productPath);
      const product = { sku, ...readBody(request, productBody) };
      await saveProduct(pool, product);
      response.json(product);
    },
  });
  return router;
}
