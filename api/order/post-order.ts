import { z } from 'zod';
import type { FinalOrders } from '../../db/order/final-orders.js';
import { limits } from '../../schemas/limits.js';
import type { ApiDependencies } from '../dependencies.js';
import { abortOnClose } from '../http/abort-on-close.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { preferredWait } from '../http/prefer.js';
import { requestIdOf } from '../http/request-log.js';
import * as shown from '../http/response-fields.js';
import { breaks } from '../http/validate.js';
import { problemOf } from '../refusals.js';
import { orderDocument, orderJson, orderPath } from './order-document.js';
import { orderIdOf } from './order-id.js';
import { placeOrder, type Accepted, type PlaceOrder, type PlacingDependencies } from './place-order.js';
import { placeAndWait } from './wait-until-final.js';

const headers = z.object({
  'Idempotency-Key': field.idempotencyKey.optional(),
  Prefer: z
    .string()
    .optional()
    .meta({
      description: '`wait=N` (RFC 7240) holds the response back until the order is final, up to N seconds.',
      examples: ['wait=1'],
    }),
});

const orderBody = z.strictObject({
  customerId: field.customerId,
  items: field
    .listUpTo(limits.items.max, z.strictObject({ sku: field.sku, quantity: field.quantity(limits.quantity) }))
    .refine((items) => items.length > 0, breaks('no-items', 'expected at least one item'))
    .refine(
      (items) => items.length <= limits.items.max,
      breaks('too-many-items', `expected at most ${limits.items.max} items`),
    )
    .refine(
      (items) => new Set(items.map(({ sku }) => sku)).size === items.length,
      breaks('duplicate-product', 'expected each product once'),
    )
    .meta({ minItems: limits.items.min, maxItems: limits.items.max }),
});

const created = {
  description: 'The order is placed',
  body: orderDocument,
  headers: z.object({
    Location: z.string(),
    'Preference-Applied': z.string().optional(),
    ...shown.replayHeader.shape,
  }),
};

const problems = [
  'unknown-customer',
  'unknown-product',
  'no-items',
  'too-many-items',
  'duplicate-product',
  'quantity-out-of-range',
  'mixed-currencies',
  'total-too-large',
  'idempotency-key-reused',
  'outcome-unknown',
] as const;

export const postOrder = (deps: ApiDependencies, finalOrders: FinalOrders) =>
  operation({
    id: 'placeOrder',
    summary: 'Places an order at the server’s prices',
    description:
      'An order is placed once it is stored, also while Temporal is away, and will be finished, one way or the other. A repeat under the same Idempotency-Key gets the same order.',
    headers,
    body: orderBody,
    responses: { 201: created },
    problems,
    handle: async ({ body, headers: { 'Idempotency-Key': idempotencyKey }, request, response }) => {
      const startedAt = Date.now();
      const signal = abortOnClose(response, deps.stopping);
      const { pools, client, orderWaits: waits } = deps;
      const { log } = request;
      const orderId = orderIdOf(body.customerId, idempotencyKey);
      const order = { ...body, orderId, idempotencyKey, correlationId: requestIdOf(request) };
      const place = () => placeOrRefuse({ pool: pools.order, client, waits, log }, order);

      const seconds = preferredWait(request);
      response.vary('Prefer');
      const wait = { pool: pools.order, finalOrders, until: startedAt + (seconds ?? 0) * 1_000, signal, log };
      const placed = seconds ? await placeAndWait(wait, orderId, place) : await place();
      return {
        status: 201,
        headers: {
          Location: orderPath(orderId),
          'Preference-Applied': seconds === undefined ? undefined : `wait=${seconds}`,
          ...shown.replayHeaderIf(placed.isReplay),
        },
        body: orderJson(deps, placed.order),
      };
    },
  });

/** Throws a Problem where no order is placed. */
async function placeOrRefuse(deps: PlacingDependencies, order: PlaceOrder): Promise<Accepted> {
  const placed = await placeOrder(deps, order);
  if (placed.refusal) throw problemOf(placed.refusal);
  return placed;
}
