import { z } from 'zod';
import type { Pool } from '../../db/pool.js';
import {
  findCustomer,
  findProducts,
  listCustomers,
  listProducts,
  saveCustomer,
  saveProduct,
} from '../../db/order/reference-data.js';
import * as shown from '../http/response-fields.js';
import { cursorOf, toPage } from '../http/paging.js';
import type { Face } from '../http/router.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { Problem } from '../http/problem.js';

/** Order's face for its reference data: customers and products. */
export const referenceDataFace = (pool: Pool): Face => ({
  name: 'Reference data',
  description: 'Customers and products, which Order owns.',
  resources: {
    '/customers': { get: listAllCustomers(pool) },
    '/customers/{customerId}': { get: showCustomer(pool), put: putCustomer(pool) },
    '/products': { get: listAllProducts(pool) },
    '/products/{sku}': { get: showProduct(pool), put: putProduct(pool) },
  },
});

const customer = z.strictObject({ customerId: shown.customerId, name: z.string() }).meta({ id: 'Customer' });
const customerPath = z.object({ customerId: field.customerId });
const product = z
  .strictObject({ sku: shown.sku, name: z.string(), price: shown.money })
  .meta({ id: 'Product' });
const productPath = z.object({ sku: field.sku });

const listAllCustomers = (pool: Pool) =>
  operation({
    id: 'listCustomers',
    summary: 'Lists the customers, by id',
    query: z.strictObject({
      limit: field.limit,
      cursor: cursorOf(z.tuple([field.customerId])).optional(),
    }),
    answers: { 200: { description: 'A page of customers', body: shown.pageOf('customers', customer) } },
    caching: 'private',
    handle: async ({ query: { limit, cursor } }) => {
      const found = await listCustomers(pool, { after: cursor?.[0], limit: limit + 1 });
      const { page, nextCursor } = toPage(found, limit, ({ customerId }) => [customerId]);
      return { status: 200, body: { customers: page, nextCursor } };
    },
  });

const showCustomer = (pool: Pool) =>
  operation({
    id: 'showCustomer',
    summary: 'Shows a customer',
    path: customerPath,
    answers: { 200: { description: 'The customer', body: customer } },
    problems: ['not-found'],
    caching: 'private',
    handle: async ({ path: { customerId } }) => {
      const found = await findCustomer(pool, customerId);
      if (!found) throw new Problem('not-found', `there is no customer ${customerId}`);
      return { status: 200, body: found };
    },
  });

const putCustomer = (pool: Pool) =>
  operation({
    id: 'putCustomer',
    summary: 'Creates a customer, or changes the name',
    path: customerPath,
    body: z.strictObject({ name: field.name }),
    answers: { 200: { description: 'The customer as it is now', body: customer } },
    handle: async ({ path: { customerId }, body: { name } }) => {
      await saveCustomer(pool, { customerId, name });
      return { status: 200, body: { customerId, name } };
    },
  });

const listAllProducts = (pool: Pool) =>
  operation({
    id: 'listProducts',
    summary: 'Lists the products, by sku',
    query: z.strictObject({ limit: field.limit, cursor: cursorOf(z.tuple([field.sku])).optional() }),
    answers: { 200: { description: 'A page of products', body: shown.pageOf('products', product) } },
    caching: 'public',
    handle: async ({ query: { limit, cursor } }) => {
      const found = await listProducts(pool, { after: cursor?.[0], limit: limit + 1 });
      const { page, nextCursor } = toPage(found, limit, ({ sku }) => [sku]);
      return { status: 200, body: { products: page, nextCursor } };
    },
  });

const showProduct = (pool: Pool) =>
  operation({
    id: 'showProduct',
    summary: 'Shows a product',
    path: productPath,
    answers: { 200: { description: 'The product', body: product } },
    problems: ['not-found'],
    caching: 'public',
    handle: async ({ path: { sku } }) => {
      const [found] = await findProducts(pool, [sku]);
      if (!found) throw new Problem('not-found', `there is no product ${sku}`);
      return { status: 200, body: found };
    },
  });

const putProduct = (pool: Pool) =>
  operation({
    id: 'putProduct',
    summary: 'Creates a product, or changes its name and price',
    description: 'Orders keep the price that they were placed at.',
    path: productPath,
    body: z.strictObject({ name: field.name, price: field.money(0) }),
    answers: { 200: { description: 'The product as it is now', body: product } },
    problems: ['amount-out-of-range'],
    handle: async ({ path: { sku }, body: { name, price } }) => {
      await saveProduct(pool, { sku, name, price });
      return { status: 200, body: { sku, name, price } };
    },
  });
