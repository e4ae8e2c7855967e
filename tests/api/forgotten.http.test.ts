import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventIdOf } from '../../core/event-id.js';
import type { OrderId } from '../../schemas/ids.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { seedShop } from '../support/database.js';
import { effectsAlone, type RunOrder } from '../support/effects-alone.js';
import { forgetEverything } from '../support/past.js';
import { placementOf } from '../support/saga-world.js';
import { seedReferenceData } from '../support/shop.js';
import { lostCancellation } from '../support/lost-cancellation.js';

let api: TestApi;
let run: RunOrder;
beforeAll(async () => {
  api = await startTestApi();
  await seedShop(api.db.owner);
  await seedReferenceData(api.db.owner);
  run = effectsAlone(api.db);
});
afterAll(() => api.close());

const place = (key: string, quantity = 1) =>
  api.call('POST', '/orders', {
    body: { customerId: 'alice', items: [{ sku: 'mouse', quantity }] },
    headers: { 'idempotency-key': key },
  });

test('the key of a forgotten order still finds it, and places nothing', async () => {
  const key = randomUUID();
  const first = await place(key);
  const { orderId } = first.body as { readonly orderId: OrderId };
  await run(placementOf('alice', 'mouse'), orderId);
  expect(await forgetEverything(api.db)).toMatchObject({ orders: 1 });

  const again = await place(key);
  expect(again.status).toBe(201);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(again.body).toMatchObject({ orderId, status: 'COMPLETED' });
  expect((await place(key, 2)).status).toBe(422);
  const { rows } = await api.db.owner.query(
    `select (select count(*)::int from orders.orders) as orders, (select count(*)::int from journal.events) as events`,
  );
  expect(rows).toEqual([{ orders: 1, events: 0 }]);
});

test('the order is shown as before, and its events are said to be forgotten', async () => {
  const orderId = await run(placementOf('alice', 'figurine'));
  const before = await api.call('GET', `/orders/${orderId}`);
  expect((await api.call('GET', `/orders/${orderId}/events`)).body).toMatchObject({ forgottenAt: null });
  await forgetEverything(api.db);
  expect((await api.call('GET', `/orders/${orderId}`)).body).toEqual(before.body);
  expect((await api.call('GET', `/orders/${orderId}/events`)).body).toEqual({
    events: [],
    unreadable: 0,
    forgottenAt: expect.stringMatching(/^2\d{3}-.*Z$/) as string,
  });
  expect((await api.call('GET', `/notifications?orderId=${orderId}`)).status).toBe(200);
});

test('a redrive of what was forgotten finds nothing, and of what came later proves nothing', async () => {
  const orderId = await run(placementOf('alice', 'mouse'));
  const redrive = async () => {
    const { rows } = await api.db.owner.query<{ id: string }>(
      `insert into journal.quarantine
         (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen)
       values ('payment', $1, 'w', $2, 'OrderCancelledEvent', 'NOT_IN_JOURNAL', '', $3, '', 1)
       returning quarantine_id as id`,
      [orderId, randomUUID(), cancellation],
    );
    return () => api.call('POST', `/quarantine/${rows[0]?.id}/redrive`, { headers: { operator: 'Ann' } });
  };
  const causationId = eventIdOf(orderId, 'OrderCreatedEvent', null);
  const cancellation = JSON.stringify(lostCancellation(orderId, causationId));
  const early = await redrive();
  await api.db.owner.query(
    `insert into journal.operator_actions (operator, action, order_id, quarantine_id, seen, outcome, detail)
     select 'Ann', 'DISMISSAL', order_id, quarantine_id, seen, 'DISMISSED', '' from journal.quarantine`,
  );
  expect(await forgetEverything(api.db)).toMatchObject({ orders: 1 });
  expect(await early()).toMatchObject({ status: 404 });
  const late = await redrive();
  expect(await late()).toMatchObject({ status: 422, body: { type: '/problems/event-still-invalid' } });
  const { body } = await api.call('GET', `/operator-actions?orderId=${orderId}`);
  expect(body).toMatchObject({ operatorActions: [{ outcome: 'STILL_INVALID' }, { outcome: 'DISMISSED' }] });
});
