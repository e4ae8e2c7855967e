import { Router } from 'express';
import { z } from 'zod';
import { listOperatorActions, type OperatorActionView } from '../db/operator/operator-actions.js';
import type { Pool } from '../db/pool.js';
import { cursorOf, moment, toPage } from './cursor.js';
import * as field from './http/fields.js';
import { resource } from './http/resource.js';
import { readParameters } from './http/validate.js';
import { timeJson } from './order-json.js';

const position = z.tuple([moment, z.string()]).transform(([at, key]) => ({ at, key }));
const actionsQuery = z.strictObject({
  orderId: field.orderId.optional(),
  limit: field.limit,
  cursor: cursorOf(position).optional(),
});

/** The record of who asked for what, when, and what came of it. */
export function operatorActionsRouter(pool: Pool): Router {
  const router = Router();
  resource(router, '/operator-actions', {
    get: async (request, response) => {
      const { cursor: after, limit, orderId } = readParameters(request.query, actionsQuery);
      const found = await listOperatorActions(pool, { orderId, after, limit: limit + 1 });
      const { page, nextCursor } = toPage(found, limit, ({ at, key }) => [at, key]);
      response.json({ operatorActions: page.map(actionJson), nextCursor });
    },
  });
  return router;
}

export const actionJson = (entry: OperatorActionView) => ({
  at: timeJson(entry.at),
  operator: entry.operator,
  action: entry.action,
  orderId: entry.orderId,
  quarantineId: entry.quarantineId,
  outcome: entry.outcome,
  detail: entry.detail,
});
