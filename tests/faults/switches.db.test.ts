import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { PublishActivity } from '../../core/activity/effect.js';
import { recordFaultChange } from '../../db/faults/fault-changes.js';
import { createLogger, type Logger } from '../../platform/logger.js';
import { noFaults, type ChargeFault, type ReserveFault } from '../../schemas/faults.js';
import { openFaults, type OpenFaults } from '../../workers/faults/faults.js';
import { effects as inventoryEffects } from '../../workers/inventory.js';
import { effects as paymentEffects } from '../../workers/payment.js';
import { createScene } from '../decisions/scene.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { createActivitiesOf } from '../support/product-activities.js';
import { standard } from '../support/saga-world.js';
import { shopSums } from '../support/shop-sums.js';

let db: TestDatabase;
const opened: OpenFaults[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await Promise.all(opened.map((faults) => faults.close()));
  await db.close();
});

const silent = createLogger('test', 'silent');

/** As a worker opens them at its start. */
function faultsOf(service: 'order' | 'payment' | 'inventory' | 'notification', log: Logger = silent) {
  const faults = openFaults({ faultsAllowed: true, databaseUrl: db.urls[service], service }, log);
  if (faults === undefined) throw new Error('not allowed');
  opened.push(faults);
  return faults;
}

const partsOf = (service: 'payment' | 'inventory') => ({
  pool: db.pools[service],
  deliver: () => Promise.resolve(),
  config: { ...standard, mail: { smtpUrl: 'smtp://unused', from: 'shop@shop.example' } },
});

const switchCharge = (charge: ChargeFault) =>
  recordFaultChange(db.pools.operator, {
    operator: 'Ann',
    service: 'payment',
    settings: { ...noFaults.payment, charge },
  });
const switchReserve = (reserve: ReserveFault) =>
  recordFaultChange(db.pools.operator, {
    operator: 'Ann',
    service: 'inventory',
    settings: { ...noFaults.inventory, reserve },
  });

test('not allowed: there are no faults, and no step asks for a switch', async () => {
  await switchCharge('ERROR');
  await switchReserve('ERROR');
  const closed = { faultsAllowed: false, databaseUrl: db.urls.payment, service: 'payment' as const };
  const faults = openFaults(closed, silent);
  expect(faults).toBeUndefined();

  const query = vi.spyOn(pg.Client.prototype, 'query');
  const scene = createScene(db);
  const payment = paymentEffects({ ...partsOf('payment'), faults });
  const inventory = inventoryEffects({ ...partsOf('inventory'), faults });
  const { publish } = createActivitiesOf.payment({ ...partsOf('payment'), faults }) as {
    publish: PublishActivity;
  };
  const charged = await payment.charge(scene.context(), await scene.publish('OrderCreatedEvent'));
  for (const { eventId } of charged.unpublished) await publish(eventId);
  const reserved = await inventory.reserve(scene.context(), await scene.publish('PaymentCompletedEvent'));
  expect([charged.row.status, reserved.row.status]).toEqual(['CHARGED', 'RESERVED']);
  expect(query.mock.calls.length).toBeGreaterThan(10);
  expect(JSON.stringify(query.mock.calls.map(([statement]) => statement))).not.toContain('faults');
});

test('a switch is read at each use: it takes effect at once, and so does switching it off', async () => {
  const payment = paymentEffects({ ...partsOf('payment'), faults: faultsOf('payment') });
  const charge = async () => {
    const scene = createScene(db);
    return (await payment.charge(scene.context(), await scene.publish('OrderCreatedEvent'))).row.status;
  };
  const before = await shopSums(db.owner);
  await switchCharge('DECLINE');
  expect(await charge()).toBe('DECLINED');
  await switchCharge('ERROR');
  await expect(charge()).rejects.toThrow('a fault on demand');
  expect(await shopSums(db.owner)).toEqual(before);
  await switchCharge('NORMAL');
  expect(await charge()).toBe('CHARGED');
});

test('only the first step can fail: what is charged is refunded, what is reserved is released', async () => {
  await switchCharge('NORMAL');
  await switchReserve('NORMAL');
  const scene = createScene(db);
  const payment = paymentEffects({ ...partsOf('payment'), faults: faultsOf('payment') });
  const inventory = inventoryEffects({ ...partsOf('inventory'), faults: faultsOf('inventory') });
  const before = await shopSums(db.owner);
  await payment.charge(scene.context(), await scene.publish('OrderCreatedEvent'));
  await inventory.reserve(scene.context(), await scene.publish('PaymentCompletedEvent'));
  await switchCharge('ERROR');
  await switchReserve('ERROR');
  const cancelled = await scene.publish('PaymentCancelledEvent');
  const released = await inventory.release(scene.context(), cancelled);
  const refunded = await payment.refund(scene.context(), await scene.publish('OrderCancelledEvent'));
  expect([released.row.status, refunded.row.status]).toEqual(['RELEASED', 'REFUNDED']);
  expect(await shopSums(db.owner)).toEqual(before);
});

test('switches that cannot be read are off; that is said once, and once more when they can be read', async () => {
  const lines: string[] = [];
  const log = {
    warn: (_: object, line: string) => lines.push(line),
    info: (line: string) => lines.push(line),
  } as unknown as Logger;
  const faults = faultsOf('payment', log);
  await switchCharge('DECLINE');
  await db.owner.query(`alter table faults.changes rename to hidden`);
  for (let reads = 0; reads < 3; reads++) expect(await faults.settings('payment')).toEqual(noFaults.payment);
  await db.owner.query(`alter table faults.hidden rename to changes`);
  for (let reads = 0; reads < 3; reads++)
    expect(await faults.settings('payment')).toMatchObject({ charge: 'DECLINE' });
  expect(lines).toEqual([
    'the table of faults cannot be reached; trying again until it can',
    'the table of faults is back',
  ]);
});

test('an event is overtaken once a later one of its order has been delivered to the same subscriber', async () => {
  const scene = createScene(db);
  const faults = faultsOf('payment');
  const first = await scene.publish('PaymentCompletedEvent');
  const isOvertaken = (subscriber: 'order' | 'inventory') =>
    faults.isOvertaken(first.payload.eventId, subscriber);
  const deliver = (eventId: string) =>
    db.owner.query(
      `update journal.events set delivered_at = now(), delivered_to = '{}' where event_id = $1`,
      [eventId],
    );
  const later = await scene.publish('InventoryReservedEvent');
  await deliver(first.payload.eventId);
  expect(await isOvertaken('order')).toBe(false);
  await deliver(later.payload.eventId);
  expect(await isOvertaken('order')).toBe(true);
  expect(await isOvertaken('inventory')).toBe(false);
});

test('attempts to tell a customer are counted over all rounds, where they are stored', async () => {
  const { orderId } = createScene(db);
  const faults = faultsOf('notification');
  expect(await faults.attempts(orderId)).toBe(0);
  await db.owner.query(
    `insert into notification.notifications (order_id, status, updated_at) values ($1, 'NOTHING', now())`,
    [orderId],
  );
  await db.owner.query(
    `insert into notification.attempts (order_id, round, number, ended_at, fate)
     values ($1, 1, 1, now(), 'REFUSED'), ($1, 1, 2, now(), 'UNKNOWN'), ($1, 2, 1, null, null)`,
    [orderId],
  );
  expect(await faults.attempts(orderId)).toBe(3);
  expect(await faultsOf('payment').attempts(orderId)).toBe(Number.POSITIVE_INFINITY);
});
