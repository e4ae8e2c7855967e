import { z } from 'zod';
import { listAttention, type AttentionView } from '../../db/operator/attention-view.js';
import type { StuckWork } from '../../db/operator/stuck-work.js';
import type { Pool } from '../../core/postgres/pool.js';
import { attentionCodes } from '../../schemas/order-status.js';
import { isoTime } from '../http/iso-time.js';
import { operation } from '../http/operation.js';
import { moment, orderIdPart, paging } from '../http/paging.js';
import * as shown from '../http/response-fields.js';
import { orderPath } from '../order/order-document.js';

const code = shown.openEnum([...attentionCodes, 'SIGNAL_QUARANTINED']);

const attentionEntry = z
  .strictObject({
    orderId: shown.uuid,
    code,
    since: shown.time,
    ageSeconds: z.int().min(0),
    hint: z.string().meta({ description: 'what helps' }),
    actions: z
      .array(z.strictObject({ method: z.enum(['GET', 'POST']), href: z.string() }))
      .meta({ description: 'the requests an operator can make' }),
  })
  .meta({ id: 'AttentionEntry' });

const page = paging(
  z
    .tuple([moment, orderIdPart, code, z.int()])
    .transform(([since, orderId, code, quarantineId]) => ({ since, orderId, code, quarantineId })),
  ({ since, orderId, code, quarantineId }: AttentionView) => [since, orderId, code, quarantineId],
);

export const getAttention = (pool: Pool) =>
  operation({
    id: 'listAttention',
    summary: 'Lists the orders that need a person, oldest first, and then those with refused signals',
    query: z.strictObject(page.query),
    responses: {
      200: { description: 'A page of the list', body: shown.pageOf('attention', attentionEntry) },
    },
    handle: async ({ query }) => {
      const { entries, nextCursor } = await page.read(query, (part) => listAttention(pool, part));
      return { status: 200, body: { attention: entries.map(attentionJson), nextCursor } };
    },
  });

const attentionJson = (entry: AttentionView) => ({
  orderId: entry.orderId,
  code: entry.code,
  since: isoTime(entry.since),
  ageSeconds: entry.ageSeconds,
  ...remedyOf(entry),
});

interface Remedy {
  readonly hint: string;
  readonly actions: readonly { readonly method: 'GET' | 'POST'; readonly href: string }[];
}

function remedyOf({ code, orderId, quarantineId, stuck }: AttentionView): Remedy {
  const order = { method: 'GET', href: orderPath(orderId) } as const;
  switch (code) {
    case 'NOTIFICATION_FAILED':
      return {
        hint: 'The customer could not be told. Fix the address or the mail server, then retry.',
        actions: [{ method: 'POST', href: `${orderPath(orderId)}/notification-retries` }],
      };
    case 'NOTIFICATION_OVERDUE':
      return {
        hint: 'Paid and reserved, but the customer has not been told yet. Check that Notification and the mail server are running; the order then completes by itself.',
        actions: [{ method: 'GET', href: `/notifications?orderId=${orderId}` }],
      };
    case 'CUSTOMER_TOLD_THEN_REFUNDED':
      return {
        hint: 'The customer was told that the order is complete, and was then refunded. Contact the customer and put it right.',
        actions: [order],
      };
    case 'STUCK':
      return {
        hint: `${stuck.map(stuckWords).join(' ')} Look at its participant in Temporal’s Web UI: a task or an activity fails there.`,
        actions: [order],
      };
    case 'SIGNAL_QUARANTINED':
      return {
        hint: 'A signal was refused. Find out why. Once the cause is fixed, redrive it; dismiss what will never be a valid event.',
        actions: [
          { method: 'GET', href: `/quarantine/${quarantineId}` },
          { method: 'POST', href: `/quarantine/${quarantineId}/redrive` },
          { method: 'POST', href: `/quarantine/${quarantineId}/dismissal` },
        ],
      };
    default:
      return unknownCode(code, order);
  }
}

const stuckWords = ({ service, why, woken, foundAt }: StuckWork): string =>
  `${service} has not come to rest: ${unfinished[why]} (woken ${woken} times since ${isoTime(foundAt)}).`;

const unfinished = {
  UNDELIVERED: 'an event of its own is not delivered',
  DUE: 'a wait is over, and nothing follows',
  UNHANDLED: 'a delivered event has left no trace',
} as const;

/** During a rolling release, a newer Order may raise attention that this API does not know. */
const unknownCode = (code: never, order: Remedy['actions'][number]): Remedy => ({
  hint: `This release of the API does not know ${String(code)}. Look at the order, or ask a newer API.`,
  actions: [order],
});
