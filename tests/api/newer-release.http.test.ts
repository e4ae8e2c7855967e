import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderId } from '../../schemas/ids.js';
import type { OrderStatus } from '../../schemas/order-status.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { parseExposition } from '../support/parse-exposition.js';
import { storeOrder } from '../support/shop.js';

/** During a rolling release, this API meets what a newer release has written, and shows it by name. */
let api: TestApi;
let orderId: OrderId;
let quarantineId: number;
beforeAll(async () => {
  api = await startTestApi({ faultsAllowed: true });
  await dropChecks();
  ({ orderId } = await storeOrder(api.db.owner, {
    status: 'SHIPPED' as OrderStatus,
    reason: 'FRAUD_SUSPECTED',
  }));
  await insert('journal.events', {
    event_id: randomUUID(),
    order_id: orderId,
    type: 'OrderShippedEvent',
    version: 3,
    correlation_id: randomUUID(),
    occurred_at: '2026-01-01T00:00:00Z',
    payload: { parcel: 'P-1' },
    published_by: 'drones_service',
  });
  quarantineId = await insert(
    'journal.quarantine',
    {
      service: 'drones',
      order_id: orderId,
      workflow_id: `drones-${orderId}`,
      run_id: randomUUID(),
      signal_name: 'OrderPackedEvent',
      reason: 'EMBARGOED',
      detail: '',
      body: '[{}]',
      body_digest: '',
      seen: 1,
    },
    'quarantine_id',
  );
  await insert('journal.drops', {
    service: 'drones',
    order_id: orderId,
    event_id: randomUUID(),
    run_id: randomUUID(),
    why: 'REPEAT',
    seen: 4,
  });
  await insert('orders.attention', { order_id: orderId, code: 'PARCEL_LOST', since: '2026-01-01T00:00:00Z' });
  await insert('journal.operator_actions', {
    operator: 'Ann',
    action: 'RESHIPMENT',
    order_id: orderId,
    outcome: 'SHIPPED_AGAIN',
    detail: '',
  });
  await insert('notification.notifications', {
    order_id: orderId,
    status: 'TELEPHONED',
    updated_at: new Date(),
  });
});
afterAll(() => api.close());

/** As the migration of the newer release would. */
async function dropChecks(): Promise<void> {
  await api.db.owner.query(`
    do $$ declare named record; begin
      for named in select conrelid::regclass as tab, conname from pg_constraint where contype = 'c' and conrelid <> 0 loop
        execute format('alter table %s drop constraint %I', named.tab, named.conname);
      end loop;
    end $$`);
}

async function insert(
  table: string,
  row: Readonly<Record<string, unknown>>,
  id = 'order_id',
): Promise<number> {
  const places = Object.keys(row).map((_, index) => `$${index + 1}`);
  const { rows } = await api.db.owner.query<{ id: number }>(
    `insert into ${table} (${Object.keys(row).join(', ')}) values (${places.join(', ')}) returning ${id} as id`,
    Object.values(row),
  );
  return rows[0]?.id ?? 0;
}

async function show(path: string): Promise<unknown> {
  const { status, body } = await api.call('GET', path);
  expect([path, status]).toEqual([path, 200]);
  return body;
}

describe('what only a newer release knows is shown by name', () => {
  test('an event of an unknown type, from an unknown publisher', async () => {
    expect(await show(`/orders/${orderId}/events`)).toMatchObject({
      events: [{ type: 'OrderShippedEvent', version: 3, publisher: 'drones', payload: { parcel: 'P-1' } }],
    });
  });

  test('the state of an order, with its reason and its attention', async () => {
    const order = {
      status: 'SHIPPED',
      reason: 'FRAUD_SUSPECTED',
      attention: [{ code: 'PARCEL_LOST' }],
    };
    expect(await show(`/orders/${orderId}`)).toMatchObject(order);
    expect(await show('/orders')).toMatchObject({ orders: [order] });
  });

  test('attention, on every page, with a way to look into it', async () => {
    const first = (await show('/attention?limit=1')) as { attention: unknown[]; nextCursor: string };
    expect(first.attention).toMatchObject([
      {
        code: 'PARCEL_LOST',
        hint: expect.stringContaining('PARCEL_LOST') as string,
        actions: [{ method: 'GET', href: `/orders/${orderId}` }],
      },
    ]);
    expect(await show(`/attention?limit=1&cursor=${first.nextCursor}`)).toMatchObject({
      attention: [{ code: 'SIGNAL_QUARANTINED' }],
      nextCursor: null,
    });
  });

  test('a refused signal, which cannot be redriven here', async () => {
    const entry = { id: quarantineId, service: 'drones', reason: 'EMBARGOED' };
    expect(await show('/quarantine')).toMatchObject({ quarantine: [entry] });
    expect(await show(`/quarantine/${quarantineId}`)).toMatchObject(entry);
    const headers = { operator: 'Ann' };
    expect(await api.call('POST', `/quarantine/${quarantineId}/redrive`, { headers })).toMatchObject({
      status: 422,
      body: { type: '/problems/event-still-invalid' },
    });
    expect(await show(`/quarantine/${quarantineId}`)).toMatchObject({ ...entry, state: 'WAITING' });
  });

  test('an operator action', async () => {
    expect(await show(`/operator-actions?orderId=${orderId}&limit=100`)).toMatchObject({
      operatorActions: expect.arrayContaining([
        expect.objectContaining({ action: 'RESHIPMENT', outcome: 'SHIPPED_AGAIN' }),
      ]) as unknown,
    });
  });

  test('a notification', async () => {
    expect(await show(`/notifications?orderId=${orderId}`)).toMatchObject({
      notifications: [{ status: 'TELEPHONED' }],
    });
  });

  test('the faults of an unknown service, and unknown faults of a known one', async () => {
    const settings = { deliveries: { duplicate: 0 }, truck: 'FLAT_TYRE' };
    for (const service of ['drones', 'payment'])
      await insert('faults.changes', { operator: 'Ann', service, settings }, 'change_id');
    expect(await show('/faults')).toMatchObject({
      faults: [
        { service: 'order', deliveries: { duplicate: 0 } },
        { service: 'payment', ...settings },
        { service: 'inventory' },
        { service: 'notification' },
        { service: 'drones', changedBy: 'Ann', ...settings },
      ],
    });
    expect(await show('/faults/payment')).toMatchObject(settings);
    expect(await show('/fault-changes')).toMatchObject({
      faultChanges: [
        { service: 'payment', settings },
        { service: 'drones', settings },
      ],
    });
  });

  test('every number of the monitoring points', async () => {
    expect(await show('/stats')).toMatchObject({
      orders: { created: 1, SHIPPED: 1, COMPLETED: 0 },
      failures: { FRAUD_SUSPECTED: 1, PAYMENT_ERROR: 0 },
      duplicatesDropped: 4,
      quarantined: 1,
      attention: 1,
      attentionByCode: { PARCEL_LOST: 1, SIGNAL_QUARANTINED: 1, NOTIFICATION_FAILED: 0 },
    });
    const families = parseExposition((await show('/metrics')) as string);
    const valueOf = (name: string, labels: object) =>
      families.get(name)?.samples.find((one) => isDeepStrictEqual(one.labels, labels))?.value;
    expect(valueOf('order_saga_orders', { status: 'SHIPPED' })).toBe(1);
    expect(valueOf('order_saga_failures_total', { reason: 'FRAUD_SUSPECTED' })).toBe(1);
    expect(valueOf('order_saga_duplicates_dropped_total', { service: 'drones' })).toBe(4);
    expect(valueOf('order_saga_attention', { code: 'PARCEL_LOST' })).toBe(1);
  });
});
