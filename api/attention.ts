import { Router } from 'express';
import { z } from 'zod';
import { listAttention, type AttentionView } from '../db/operator/attention-view.js';
import type { Pool } from '../db/pool.js';
import { attentionCodes } from '../schemas/order-status.js';
import { cursorOf, moment, orderIdPart, toPage } from './cursor.js';
import * as field from './http/fields.js';
import { resource } from './http/resource.js';
import { readParameters } from './http/validate.js';
import { orderPath, timeJson } from './order-json.js';

const position = z
  .tuple([moment, orderIdPart, z.enum([...attentionCodes, 'SIGNAL_QUARANTINED']), z.int()])
  .transform(([since, orderId, code, quarantineId]) => ({ since, orderId, code, quarantineId }));
const attentionQuery = z.strictObject({ limit: field.limit, cursor: cursorOf(position).optional() });

/** The orders that need a person, those that have waited longest first. */
export function attentionRouter(pool: Pool): Router {
  const router = Router();
  resource(router, '/attention', {
    get: async (request, response) => {
      const { cursor: after, limit } = readParameters(request.query, attentionQuery);
      const found = await listAttention(pool, { after, limit: limit + 1 });
      const { page, nextCursor } = toPage(found, limit, (last) => [
        last.since,
        last.orderId,
        last.code,
        last.quarantineId,
      ]);
      response.json({ attention: page.map(attentionJson), nextCursor });
    },
  });
  return router;
}

const attentionJson = (entry: AttentionView) => ({
  orderId: entry.orderId,
  code: entry.code,
  since: timeJson(entry.since),
  ageSeconds: entry.ageSeconds,
  ...remedyOf(entry),
});

interface Remedy {
  readonly hint: string;
  /** What an operator can ask for; where there is nothing, the hint says what helps. */
  readonly actions: readonly { readonly method: 'GET' | 'POST'; readonly href: string }[];
}

function remedyOf({ code, orderId, quarantineId }: AttentionView): Remedy {
  const order = { method: 'GET', href: orderPath(orderId) } as const;
  switch (code) {
    case 'NOTIFICATION_FAILED':
      return {
        hint: 'The customer could not be told. Repair the address or the mail server, then retry.',
        actions: [{ method: 'POST', href: `${orderPath(orderId)}/notification-retries` }],
      };
    case 'NOTIFICATION_OVERDUE':
      return {
        hint: 'Paid and reserved, but the customer is not told yet. See that Notification and the mail server run; it then completes by itself.',
        actions: [{ method: 'GET', href: `/notifications?orderId=${orderId}` }],
      };
    case 'CUSTOMER_TOLD_THEN_REFUNDED':
      return {
        hint: 'The customer was told that the order is complete, and was refunded. Tell them what is true.',
        actions: [order],
      };
    case 'SIGNAL_QUARANTINED':
      return {
        hint: 'A signal was refused. Look why; once the cause is corrected, have it delivered.',
        actions: [
          { method: 'GET', href: `/quarantine/${quarantineId}` },
          { method: 'POST', href: `/quarantine/${quarantineId}/redrive` },
        ],
      };
  }
}
