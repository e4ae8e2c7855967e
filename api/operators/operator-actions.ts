import { z } from 'zod';
import { listOperatorActions, type OperatorActionView } from '../../db/operator/operator-actions.js';
import type { Pool } from '../../db/pool.js';
import * as shown from '../http/response-fields.js';
import { cursorOf, moment, toPage } from '../http/paging.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { timeJson } from '../order/order-document.js';

export const operatorAction = z
  .strictObject({
    at: shown.time,
    operator: z.string().meta({ description: 'as they named themselves' }),
    action: z.enum(['REDRIVE', 'DISMISSAL', 'NOTIFICATION_RETRY']),
    orderId: shown.uuid,
    quarantineId: z.int().nullable().meta({ description: 'null for a retry' }),
    outcome: z.enum([
      'DELIVERED',
      'STILL_INVALID',
      'NOT_WAITING',
      'NOT_DELIVERED',
      'DISMISSED',
      'ACCEPTED',
      'NOT_PARKED',
      'NO_ANSWER',
    ]),
    detail: z.string().meta({ description: 'why it was refused; empty otherwise' }),
  })
  .meta({ id: 'OperatorAction' });

/** The key of an entry, as `listOperatorActions` makes it. */
const key = z.string().regex(/^(operator|notification) [\x21-\x7e]+$/);
const position = z.tuple([moment, key]).transform(([at, key]) => ({ at, key }));

/** The record of who asked for what, when, and what came of it. */
export const listActions = (pool: Pool) =>
  operation({
    id: 'listOperatorActions',
    summary: 'Lists what operators asked for and what came of it, newest first',
    query: z.strictObject({
      orderId: field.orderId.optional(),
      limit: field.limit,
      cursor: cursorOf(position).optional(),
    }),
    answers: {
      200: { description: 'A page of the record', body: shown.pageOf('operatorActions', operatorAction) },
    },
    handle: async ({ query: { cursor: after, limit, orderId } }) => {
      const found = await listOperatorActions(pool, { orderId, after, limit: limit + 1 });
      const { page, nextCursor } = toPage(found, limit, ({ at, key }) => [at, key]);
      return { status: 200, body: { operatorActions: page.map(actionJson), nextCursor } };
    },
  });

export const actionJson = (entry: OperatorActionView) => ({
  at: timeJson(entry.at),
  operator: entry.operator,
  action: entry.action,
  orderId: entry.orderId,
  quarantineId: entry.quarantineId,
  outcome: entry.outcome,
  detail: entry.detail,
});
