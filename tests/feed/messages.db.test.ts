import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventType } from '../../schemas/catalogue.js';
import { eventIdOf } from '../../core/event-id.js';
import type { EventId } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { effectsAlone, type RunOrder } from '../support/effects-alone.js';
import { readEntries, readMessages, type Received } from '../support/feed.js';
import { placementOf } from '../support/saga-world.js';
import { storeOrder } from '../support/shop.js';

let db: TestDatabase;
let run: RunOrder;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
  run = effectsAlone(db);
});
afterAll(() => db.close());

const told = (orderId: OrderId) => readMessages(db.pools.observer, { orderId });
const gist = ({ kind, data }: Received): string =>
  [kind, data['type'] ?? data['status'] ?? data['fate']].filter(Boolean).join(' ');

describe('an order', () => {
  test('that completes is told from its placement on, in the order of what happened', async () => {
    const story = await told(await run(placementOf('alice', 'mouse')));
    const delivered = (type: EventType) => {
      const { eventId } = story.find(({ data }) => data['type'] === type)?.data ?? {};
      return story.findIndex(({ kind, data }) => kind === 'delivered' && data['eventId'] === eventId);
    };
    expect(story.filter(({ kind }) => kind !== 'delivered').map(gist)).toEqual([
      'placed',
      'status PENDING_PAYMENT',
      'published OrderCreatedEvent',
      'published PaymentCompletedEvent',
      'published InventoryReservedEvent',
      'status PAYMENT_COMPLETED',
      'status INVENTORY_RESERVED',
      'notification SENDING',
      'attempt',
      'notification SENT',
      'attempt ACCEPTED',
      'published OrderCompletedNotificationSentEvent',
      'status COMPLETED',
    ]);
    expect(delivered('OrderCreatedEvent')).toBe(3);
    expect(story.filter(({ kind }) => kind === 'delivered')).toHaveLength(4);
  });

  test('is placed with its items and its two deadlines', async () => {
    const orderId = await run(placementOf('alice', 'keyboard', 2));
    const [placed, status] = await told(orderId);
    const { rows } = await db.owner.query<{ created: Date; payment: Date; saga: Date }>(
      `select created_at as created, payment_due_at as payment, saga_due_at as saga from orders.orders
       where order_id = $1`,
      [orderId],
    );
    expect(placed?.data).toEqual({
      orderId,
      customerId: 'alice',
      items: [{ sku: 'keyboard', quantity: 2, unitPrice: { amount: 120_000, currency: 'KRW' } }],
      total: { amount: 240_000, currency: 'KRW' },
      at: rows[0]?.created.toISOString(),
      paymentDueAt: rows[0]?.payment.toISOString(),
      sagaDueAt: rows[0]?.saga.toISOString(),
    });
    expect(status?.data).toMatchObject({ status: 'PENDING_PAYMENT', reason: null, eventId: null });
  });

  test('that fails says why, and only in the state that it failed in', async () => {
    const story = await told(await run(placementOf('bob', 'mouse')));
    const states = story.filter(({ kind }) => kind === 'status').map(({ data }) => data);
    expect(states).toMatchObject([
      { status: 'PENDING_PAYMENT', reason: null },
      { status: 'PAYMENT_FAILED', reason: 'INSUFFICIENT_BALANCE' },
    ]);
    const published = story.find(({ data }) => data['type'] === 'PaymentFailedEvent');
    expect(published?.data['eventId']).toMatch(/^[\da-f-]{36}$/);
    expect(states[1]?.['eventId']).toBe(published?.data['eventId']);
  });

  test('shows an event as it was published, to whom it goes, and what caused it', async () => {
    const orderId = await run(placementOf('alice', 'figurine'));
    const published = (await told(orderId))
      .filter(({ kind }) => kind === 'published')
      .map(({ data }) => data);
    expect(published).toMatchObject([
      { type: 'OrderCreatedEvent', publisher: 'order', subscribers: ['payment'], causationId: null },
      { type: 'PaymentCompletedEvent', publisher: 'payment', subscribers: ['inventory', 'order'] },
      { type: 'InventoryReservationFailedEvent', publisher: 'inventory', subscribers: ['payment'] },
      { type: 'PaymentCancelledEvent', publisher: 'payment', subscribers: ['order'] },
    ]);
    for (const [index, event] of published.entries()) {
      expect(event['causationId']).toBe(published[index - 1]?.['eventId'] ?? null);
      const { rows } = await db.owner.query<{ payload: unknown; at: Date }>(
        `select payload, occurred_at as at from journal.events where event_id = $1`,
        [event['eventId']],
      );
      expect([event['payload'], event['occurredAt']]).toEqual([rows[0]?.payload, rows[0]?.at.toISOString()]);
    }
  });

  test('that was cancelled by Order is refunded to all who may have to undo something', async () => {
    const { orderId } = await storeOrder(db.owner);
    const publish = (service: 'order' | 'payment', type: EventType, causationId: EventId | null) => {
      const eventId = eventIdOf(orderId, type, causationId);
      return db.pools[service]
        .query(
          `insert into journal.events (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload)
           values ($1, $2, $3, 1, $1, $4, now(), '{}')`,
          [eventId, orderId, type, causationId],
        )
        .then(() => eventId);
    };
    await publish('payment', 'PaymentCancelledEvent', await publish('order', 'OrderCancelledEvent', null));
    expect((await told(orderId)).at(-1)?.data['subscribers']).toEqual(['notification', 'inventory', 'order']);
  });
});

/** The messages that `statement` adds to an order's feed; `$1` is the order id. */
async function added(login: keyof TestDatabase['pools'], statement: string, orderId: OrderId) {
  const before = await told(orderId);
  await db.pools[login].query(statement, [orderId]);
  return (await told(orderId)).slice(before.length).map(({ kind, data }) => ({ kind, ...data }));
}

describe('a change is told once, and what changes nothing is not told', () => {
  let orderId: OrderId;
  beforeAll(async () => ({ orderId } = await storeOrder(db.owner)));

  test('attention', async () => {
    const raise = `insert into orders.attention values ($1, 'NOTIFICATION_OVERDUE', '2026-01-02T03:04:05.6789Z', null)
      on conflict (order_id, code) do update set cleared_at = excluded.cleared_at`;
    const told = {
      kind: 'attention',
      orderId,
      code: 'NOTIFICATION_OVERDUE',
      since: '2026-01-02T03:04:05.678Z',
    };
    expect(await added('order', raise, orderId)).toEqual([{ ...told, clearedAt: null }]);
    expect(await added('order', raise, orderId)).toEqual([]);
    const clear = `update orders.attention set cleared_at = '2026-02-03T04:05:06Z' where order_id = $1`;
    expect(await added('order', clear, orderId)).toEqual([
      { ...told, clearedAt: '2026-02-03T04:05:06.000Z' },
    ]);
  });

  test('that services are stuck: since the first one, and until the last one has come to rest', async () => {
    const find = `insert into journal.unfinished (service, order_id, why)`;
    expect(await added('payment', `${find} values ('payment', $1, 'DUE')`, orderId)).toEqual([]);
    expect(await added('inventory', `${find} values ('inventory', $1, 'UNHANDLED')`, orderId)).toEqual([]);
    const change = (what: string) => `update journal.unfinished set ${what} where order_id = $1`;
    const told = { kind: 'attention', orderId, code: 'STUCK', since: '2026-01-02T03:04:00.000Z' };
    const open = [{ ...told, clearedAt: null }];
    expect(await added('payment', change(`stuck_at = '2026-01-02T03:04:00Z'`), orderId)).toEqual(open);
    expect(await added('payment', change('woken = woken + 1'), orderId)).toEqual([]);
    expect(await added('inventory', change(`stuck_at = '2026-01-02T03:05:00Z'`), orderId)).toEqual(open);
    expect(await added('payment', change(`rested_at = '2026-01-02T03:06:00Z'`), orderId)).toEqual(open);
    expect(await added('inventory', change(`rested_at = '2026-01-02T03:07:00Z'`), orderId)).toEqual([
      { ...told, clearedAt: '2026-01-02T03:07:00.000Z' },
    ]);
    const foundAgain = 'stuck_at = null, rested_at = null, found_at = now(), woken = 0';
    expect(await added('inventory', change(foundAgain), orderId)).toEqual([]);
  });

  test('an event that was dropped', async () => {
    const eventId = randomUUID();
    const drop = (seen: number) => `insert into journal.drops (service, order_id, event_id, run_id, why, seen)
      values ('payment', $1, '${eventId}', 'run', 'REPEAT', ${seen}) on conflict (service, order_id, event_id, run_id, why)
      do update set seen = greatest(drops.seen, excluded.seen), last_seen_at = now()`;
    const told = { kind: 'dropped', orderId, service: 'payment', eventId, why: 'REPEAT' };
    expect(await added('payment', drop(1), orderId)).toMatchObject([{ ...told, seen: 1 }]);
    expect(await added('payment', drop(1), orderId)).toEqual([]);
    expect(await added('payment', drop(3), orderId)).toMatchObject([{ ...told, seen: 3 }]);
  });

  test('a signal that was refused, without what it held', async () => {
    const refuse = (seen: number) => `insert into journal.quarantine
      (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen)
      values ('inventory', $1, 'w', 'r', E'A "strange"\\nsignal', 'UNKNOWN_EVENT', 'secret', 'secret', 'd', ${seen})
      on conflict (service, run_id, signal_name, reason, body_digest)
      do update set seen = greatest(quarantine.seen, excluded.seen), last_seen_at = now()`;
    const first = await added('inventory', refuse(1), orderId);
    const told = { kind: 'quarantined', service: 'inventory', reason: 'UNKNOWN_EVENT' };
    expect(first).toMatchObject([{ ...told, signalName: 'A "strange"\nsignal', seen: 1 }]);
    expect(JSON.stringify(first)).not.toContain('secret');
    expect(await added('inventory', refuse(1), orderId)).toEqual([]);
    expect(await added('inventory', refuse(2), orderId)).toMatchObject([
      { ...first[0], seen: 2, at: expect.any(String) as string },
    ]);
  });

  test('a notification and its attempts', async () => {
    const insert = `insert into notification.notifications (order_id, status, updated_at)`;
    expect(await added('notification', `${insert} values ($1, 'NOTHING', now())`, orderId)).toEqual([]);
    const revoke = `update notification.notifications set status = 'REVOKED', updated_at = '2026-01-02T03:04:05Z'
      where order_id = $1`;
    expect(await added('notification', revoke, orderId)).toEqual([
      { kind: 'notification', orderId, status: 'REVOKED', at: '2026-01-02T03:04:05.000Z' },
    ]);
    expect(await added('notification', revoke, orderId)).toEqual([]);

    const begin = `insert into notification.attempts (order_id, round, number) values ($1, 1, 2)`;
    const begun = { kind: 'attempt', orderId, round: 1, number: 2, endedAt: null, fate: null };
    expect(await added('notification', begin, orderId)).toMatchObject([begun]);
    const end = `update notification.attempts set fate = 'UNKNOWN', ended_at = now() where order_id = $1`;
    const ended = await added('notification', end, orderId);
    expect(ended).toMatchObject([{ ...begun, endedAt: expect.any(String) as string, fate: 'UNKNOWN' }]);
    expect(JSON.stringify(ended)).not.toContain('secret');
    expect(await added('notification', end, orderId)).toEqual([]);
  });

  test('what an operator has asked for, on both records', async () => {
    const refused = `insert into journal.operator_actions (operator, action, order_id, outcome, detail)
      values ('Ann', 'NOTIFICATION_RETRY', $1, 'NOT_PARKED', 'secret')`;
    const accepted = `insert into notification.operator_actions values ('key', $1, 'Bea', 'RETRY', '2026-01-02T03:04:05Z')`;
    const action = { kind: 'operator', orderId, action: 'NOTIFICATION_RETRY' };
    const first = await added('operator', refused, orderId);
    expect(first).toEqual([
      { ...action, operator: 'Ann', outcome: 'NOT_PARKED', at: expect.any(String) as string },
    ]);
    expect(await added('notification', accepted, orderId)).toEqual([
      { ...action, operator: 'Bea', outcome: 'ACCEPTED', at: '2026-01-02T03:04:05.000Z' },
    ]);
  });

  test('what is rolled back', async () => {
    const before = await told(orderId);
    await expect(
      db.pools.order.query(
        `with told as (insert into orders.status_history values ($1, 9, 'COMPLETED', now(), null)) select 1 / 0`,
        [orderId],
      ),
    ).rejects.toThrow('division by zero');
    expect(await told(orderId)).toEqual(before);
  });
});

test('neither an address nor a name ever gets in', async () => {
  await db.owner.query(`insert into orders.customers values ('alice', 'Alice Liddell')`);
  await run(placementOf('alice', 'mouse'));
  const everything = JSON.stringify(await readEntries(db.pools.observer));
  expect(everything).toContain('"customerId":"alice"');
  expect(everything).not.toMatch(/@|Liddell/);
});
