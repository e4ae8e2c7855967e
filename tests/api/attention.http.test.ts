import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordOperatorAction } from '../../db/operator/operator-actions.js';
import type { OrderId } from '../../schemas/ids.js';
import type { OrderAttentionCode } from '../../schemas/order-status.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { storeOrder } from '../support/shop.js';

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api.close());

/** All entries of a paged list, read page by page. */
async function listAll<Entry>(path: string, name: string, limit: number): Promise<readonly Entry[]> {
  const seen: Entry[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`;
    const { status, body } = await api.call('GET', `${path}limit=${limit}${query}`);
    expect(status).toBe(200);
    const page = body as Record<string, readonly Entry[]> & { nextCursor: string | null };
    seen.push(...(page[name] ?? []));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return seen;
}

describe('the attention list', () => {
  interface Entry {
    readonly orderId: string;
    readonly code: string;
    readonly ageSeconds: number;
    readonly hint: string;
    readonly actions: readonly { readonly method: string; readonly href: string }[];
  }
  const listAttention = (limit: number) => listAll<Entry>('/attention?', 'attention', limit);

  const orders: OrderId[] = [];
  let entryId = 0;
  const raise = async (code: OrderAttentionCode, since: string, clearedAt: string | null = null) => {
    const { orderId } = await storeOrder(api.db.owner);
    orders.push(orderId);
    await api.db.owner.query(`insert into orders.attention values ($1, $2, $3, $4)`, [
      orderId,
      code,
      since,
      clearedAt,
    ]);
  };
  beforeAll(async () => {
    await raise('NOTIFICATION_OVERDUE', '2026-01-03T00:00:00Z');
    await raise('NOTIFICATION_FAILED', '2026-01-01T00:00:00Z');
    await raise('CUSTOMER_TOLD_THEN_REFUNDED', '2026-01-04T00:00:00Z');
    await raise('NOTIFICATION_FAILED', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z');
    const { rows } = await api.db.owner.query<{ id: number }>(
      `insert into journal.quarantine (service, order_id, workflow_id, run_id, signal_name, reason, detail, body,
         body_digest, seen, first_seen_at)
       values ('payment', $1, 'payment-x', 'run', 'Odd', 'UNKNOWN_EVENT', '', '[]', '', 2, '2026-01-02T00:00:00.000500Z')
       returning quarantine_id as id`,
      [orders[0]],
    );
    entryId = rows[0]?.id ?? Number.NaN;
    // Of what is stuck, one has come to rest meanwhile; what is merely unfinished needs nobody yet.
    await api.db.owner.query(
      `insert into journal.unfinished (service, order_id, why, found_at, woken, stuck_at, rested_at) values
         ('payment', $1, 'UNHANDLED', '2026-01-04T23:50:00Z', 4, '2026-01-05T00:00:00Z', null),
         ('inventory', $1, 'UNDELIVERED', '2026-01-04T23:51:00Z', 0, '2026-01-05T00:01:00Z', null),
         ('order', $1, 'DUE', '2026-01-04T23:40:00Z', 9, '2026-01-04T23:45:00Z', '2026-01-04T23:59:00Z'),
         ('order', $2, 'DUE', '2026-01-04T23:40:00Z', 9, '2026-01-04T23:45:00Z', '2026-01-04T23:59:00Z'),
         ('payment', $2, 'DUE', '2026-01-04T23:40:00Z', 1, null, null)`,
      [orders[1], orders[2]],
    );
  });

  test.each([1, 2, 100])(
    'in pages of %i shows what is open, oldest first, and refused signals last',
    async (limit) => {
      const shown = await listAttention(limit);
      expect(shown.map(({ orderId, code }) => [orderId, code])).toEqual([
        [orders[1], 'NOTIFICATION_FAILED'],
        [orders[0], 'NOTIFICATION_OVERDUE'],
        [orders[2], 'CUSTOMER_TOLD_THEN_REFUNDED'],
        [orders[1], 'STUCK'],
        [orders[0], 'SIGNAL_QUARANTINED'],
      ]);
    },
  );

  test('says since when, and what can be done', async () => {
    const [failed, , , stuck, quarantined] = await listAttention(100);
    expect(failed).toMatchObject({
      since: '2026-01-01T00:00:00.000Z',
      actions: [{ method: 'POST', href: `/orders/${orders[1]}/notification-retries` }],
    });
    const age = (Date.now() - Date.parse('2026-01-01T00:00:00Z')) / 1_000;
    expect(Math.abs((failed?.ageSeconds ?? 0) - age)).toBeLessThan(60);
    expect(quarantined).toMatchObject({
      actions: [
        { method: 'GET', href: `/quarantine/${entryId}` },
        { method: 'POST', href: `/quarantine/${entryId}/redrive` },
        { method: 'POST', href: `/quarantine/${entryId}/dismissal` },
      ],
    });
    expect(stuck).toMatchObject({
      since: '2026-01-05T00:00:00.000Z',
      hint:
        'inventory has not come to rest: an event of its own is not delivered (woken 0 times since 2026-01-04T23:51:00.000Z). ' +
        'payment has not come to rest: a delivered event has left no trace (woken 4 times since 2026-01-04T23:50:00.000Z). ' +
        'Look at its participant in Temporal’s Web UI: a task or an activity fails there.',
      actions: [{ method: 'GET', href: `/orders/${orders[1]}` }],
    });
    for (const { actions } of await listAttention(100))
      for (const { method, href } of actions)
        if (method === 'GET') expect((await api.call('GET', href)).status).toBe(200);
  });

  test('what an operator has had delivered is not on it, until it is refused once more', async () => {
    const orderId = orders[0] ?? ('' as OrderId);
    await recordOperatorAction(api.db.pools.operator, {
      operator: 'Ann',
      action: 'REDRIVE',
      orderId,
      quarantineId: entryId,
      seen: 2,
      outcome: 'DELIVERED',
      detail: '',
    });
    const codes = async () => (await listAttention(100)).map(({ code }) => code);
    expect(await codes()).not.toContain('SIGNAL_QUARANTINED');
    await api.db.owner.query(`update journal.quarantine set seen = 3 where quarantine_id = $1`, [entryId]);
    expect(await codes()).toContain('SIGNAL_QUARANTINED');
  });

  test.each(['?limit=0', '?cursor=x', '?code=1'])('%s is malformed', async (query) => {
    expect((await api.call('GET', `/attention${query}`)).status).toBe(400);
  });
});

describe('the record of what operators did', () => {
  interface Line {
    readonly at: string;
    readonly operator: string;
    readonly action: string;
    readonly outcome: string;
  }
  const { orderId } = { orderId: randomUUID() as OrderId };

  test('holds the retries that Notification took and those that were refused, newest first, per order', async () => {
    await storeOrder(api.db.owner, { orderId });
    for (const [index, operator] of ['Ann', 'Bea', 'Cem'].entries())
      await api.db.pools.notification.query(
        `insert into notification.operator_actions values ($1, $2, $3, 'RETRY', $4)`,
        [randomUUID(), orderId, operator, new Date(Date.UTC(2026, 0, 1, 0, 0, index < 2 ? 0 : 1))],
      );
    const refused = await api.call('POST', `/orders/${orderId}/notification-retries`, {
      headers: { operator: 'Dot' },
    });
    expect(refused.status).toBe(409);

    const path = `/operator-actions?orderId=${orderId}&`;
    const lines = await listAll<Line>(path, 'operatorActions', 100);
    expect(lines.map(({ operator }) => operator)).toHaveLength(4);
    expect(lines.slice(0, 2)).toMatchObject([
      { operator: 'Dot', action: 'NOTIFICATION_RETRY', outcome: 'NOT_PARKED' },
      { operator: 'Cem', action: 'NOTIFICATION_RETRY', outcome: 'ACCEPTED', at: '2026-01-01T00:00:01.000Z' },
    ]);
    for (const limit of [1, 2, 3]) expect(await listAll<Line>(path, 'operatorActions', limit)).toEqual(lines);
    expect(await listAll(`/operator-actions?orderId=${randomUUID()}&`, 'operatorActions', 5)).toEqual([]);
  });
});
