import { z } from 'zod';
import { listOperatorActions, type OperatorActionView } from '../../db/operator/operator-actions.js';
import type { Pool } from '../../core/postgres/pool.js';
import * as field from '../http/fields.js';
import { isoTime } from '../http/iso-time.js';
import { operation } from '../http/operation.js';
import { moment, paging } from '../http/paging.js';
import * as shown from '../http/response-fields.js';

export const operatorAction = z
  .strictObject({
    at: shown.time,
    operator: shown.operator,
    action: shown.openEnum(['REDRIVE', 'DISMISSAL', 'NOTIFICATION_RETRY']),
    orderId: shown.uuid,
    quarantineId: z.int().nullable().meta({ description: 'null for a retry' }),
    outcome: shown.openEnum([
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

/** As `listOperatorActions` builds it. */
const key = z.string().regex(/^(operator|notification) [\x21-\x7e]+$/);

const page = paging(
  z.tuple([moment, key]).transform(([at, key]) => ({ at, key })),
  ({ at, key }: OperatorActionView) => [at, key],
);

export const getOperatorActions = (pool: Pool) =>
  operation({
    id: 'listOperatorActions',
    summary: 'Lists what operators asked for and the outcome, newest first',
    query: z.strictObject({ orderId: field.orderId.optional(), ...page.query }),
    responses: {
      200: { description: 'A page of the record', body: shown.pageOf('operatorActions', operatorAction) },
    },
    handle: async ({ query: { orderId, ...asked } }) => {
      const { entries, nextCursor } = await page.read(asked, (part) =>
        listOperatorActions(pool, { orderId, ...part }),
      );
      return { status: 200, body: { operatorActions: entries.map(actionJson), nextCursor } };
    },
  });

export const actionJson = (entry: OperatorActionView) => ({
  at: isoTime(entry.at),
  operator: entry.operator,
  action: entry.action,
  orderId: entry.orderId,
  quarantineId: entry.quarantineId,
  outcome: entry.outcome,
  detail: entry.detail,
});
