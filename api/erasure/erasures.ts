import { z } from 'zod';
import { listErasures, type ErasureView } from '../../db/retention/erasure.js';
import type { CustomerId } from '../../schemas/ids.js';
import type { ApiDependencies } from '../dependencies.js';
import * as field from '../http/fields.js';
import { isoTime } from '../http/iso-time.js';
import { operation } from '../http/operation.js';
import { operatorHeader } from '../http/operator-header.js';
import * as shown from '../http/response-fields.js';
import { askCatcher } from '../mails/catcher.js';
import { problemOf } from '../refusals.js';
import { erase } from './erase.js';

const path = z.object({ customerId: field.customerId });

const erasureDocument = z
  .strictObject({
    customerId: shown.customerId,
    at: shown.time,
    operator: shown.operator,
    orders: z.int().min(0).meta({ description: 'how many orders the customer had; they stay, by id only' }),
  })
  .meta({ id: 'Erasure' });

const erasureJson = (customerId: CustomerId, { at, operator, orders }: ErasureView) => ({
  customerId,
  at: isoTime(at),
  operator,
  orders,
});

export const postErasure = ({ pools, mailCatcherUrl }: ApiDependencies) =>
  operation({
    id: 'eraseCustomer',
    summary: 'Erases what is known about a customer',
    description:
      'Name, address, caught mails and quarantined signals are erased, and the events and records of the customer’s ' +
      'orders forgotten. Orders, payments and ledgers stay under the customer’s id. It may be repeated.',
    path,
    headers: z.object({ Operator: operatorHeader }),
    responses: { 200: { description: 'It is erased, and on record', body: erasureDocument } },
    problems: ['not-found', 'orders-not-at-rest', 'unavailable'],
    handle: async ({ path: { customerId }, headers: { Operator: operator } }) => {
      const deps = {
        pools,
        eraseMails: async (orderIds: Parameters<typeof askCatcher>[2]) => {
          if (mailCatcherUrl !== undefined) await askCatcher(mailCatcherUrl, 'DELETE', orderIds);
        },
      };
      const { refusal, erasure } = await erase(deps, customerId, operator);
      if (refusal) throw problemOf(refusal);
      return { status: 200, body: erasureJson(customerId, erasure) };
    },
  });

export const getErasures = ({ pools }: ApiDependencies) =>
  operation({
    id: 'listErasures',
    summary: 'Lists the erasures of a customer, newest first, at most 100',
    path,
    responses: {
      200: { description: 'The record', body: z.strictObject({ erasures: z.array(erasureDocument) }) },
    },
    handle: async ({ path: { customerId } }) => {
      const erasures = await listErasures(pools.operator, customerId);
      return { status: 200, body: { erasures: erasures.map((entry) => erasureJson(customerId, entry)) } };
    },
  });
