import { z } from 'zod';
import { findCustomer, listCustomers, saveCustomer, type Customer } from '../../db/order/reference-data.js';
import type { Pool } from '../../core/postgres/pool.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { pagingBy } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import * as shown from '../http/response-fields.js';

const customer = z.strictObject({ customerId: shown.customerId, name: z.string() }).meta({ id: 'Customer' });
const path = z.object({ customerId: field.customerId });
const page = pagingBy(field.customerId, ({ customerId }: Customer) => customerId);

export const getCustomers = (pool: Pool) =>
  operation({
    id: 'listCustomers',
    summary: 'Lists customers by id',
    query: z.strictObject(page.query),
    responses: { 200: { description: 'A page of customers', body: shown.pageOf('customers', customer) } },
    caching: 'private',
    handle: async ({ query }) => {
      const { entries, nextCursor } = await page.read(query, (part) => listCustomers(pool, part));
      return { status: 200, body: { customers: entries, nextCursor } };
    },
  });

export const getCustomer = (pool: Pool) =>
  operation({
    id: 'showCustomer',
    summary: 'Shows a customer',
    path,
    responses: { 200: { description: 'The customer', body: customer } },
    problems: ['not-found'],
    caching: 'private',
    handle: async ({ path: { customerId } }) => {
      const found = await findCustomer(pool, customerId);
      if (!found) throw new Problem('not-found', `there is no customer ${customerId}`);
      return { status: 200, body: found };
    },
  });

export const putCustomer = (pool: Pool) =>
  operation({
    id: 'putCustomer',
    summary: 'Creates or renames a customer',
    path,
    body: z.strictObject({ name: field.name }),
    responses: { 200: { description: 'The customer as saved', body: customer } },
    handle: async ({ path: { customerId }, body: { name } }) => {
      await saveCustomer(pool, { customerId, name });
      return { status: 200, body: { customerId, name } };
    },
  });
