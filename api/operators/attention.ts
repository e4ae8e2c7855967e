import { z } from 'zod';
import { listAttention, type AttentionView } from '../../db/operator/attention-view.js';
import type { Pool } from '../../db/pool.js';
import { attentionCodes } from '../../schemas/order-status.js';
import * as shown from '../http/response-fields.js';
import { cursorOf, moment, orderIdPart, toPage } from '../http/paging.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { orderPath, timeJson } from '../order/order-document.js';

const code = z.enum([...attentionCodes, 'SIGNAL_QUARANTINED']);
const position = z
  .tuple([moment, orderIdPart, code, z.int()])
  .transform(([since, orderId, code, quarantineId]) => ({ since, orderId, code, quarantineId }));

const attentionEntry = z
  .strictObject({
    orderId: shown.uuid,
    code,
    since: shown.time,
    ageSeconds: z.int().min(0),
    hint: z.string().meta({ description: 'what helps' }),
    actions: z
      .array(z.strictObject({ method: z.enum(['GET', 'POST']), href: z.string() }))
      .meta({ description: 'what an operator can ask for' }),
  })
  .meta({ id: 'AttentionEntry' });

/** The orders that need a person, those that have waited longest first. */
export const listOpenAttention = (pool: Pool) =>
  operation({
    id: 'listAttention',
    summary: 'Lists the orders that need a person, oldest first',
    query: z.strictObject({ limit: field.limit, cursor: cursorOf(position).optional() }),
    answers: { 200: { description: 'A page of the list', body: shown.pageOf('attention', attentionEntry) } },
    handle: async ({ query: { cursor: after, limit } }) => {
      const found = await listAttention(pool, { after, limit: limit + 1 });
      const { page, nextCursor } = toPage(found, limit, (last) => [
        last.since,
        last.orderId,
        last.code,
        last.quarantineId,
      ]);
      return { status: 200, body: { attention: page.map(attentionJson), nextCursor } };
    },
  });

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
        hint: 'Paid and reserved, but the customer is not told yet. Check that Notification and the mail server are running; it then completes by itself.',
        actions: [{ method: 'GET', href: `/notifications?orderId=${orderId}` }],
      };
    case 'CUSTOMER_TOLD_THEN_REFUNDED':
      return {
        hint: 'The customer was told that the order is complete, and was refunded. Contact the customer and put it right.',
        actions: [order],
      };
    case 'SIGNAL_QUARANTINED':
      return {
        hint: 'A signal was refused. Find out why. Once the cause is fixed, redeliver it; what will never be an event can be dismissed.',
        actions: [
          { method: 'GET', href: `/quarantine/${quarantineId}` },
          { method: 'POST', href: `/quarantine/${quarantineId}/redrive` },
          { method: 'POST', href: `/quarantine/${quarantineId}/dismissal` },
        ],
      };
  }
}
