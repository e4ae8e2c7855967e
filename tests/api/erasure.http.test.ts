import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mailTag } from '../../bin/config.js';
import { startMailCatcher, type MailCatcher } from '../../platform/mail-catcher.js';
import { freePort } from '../../platform/ports.js';
import type { OrderId } from '../../schemas/ids.js';
import { auditDatabase } from '../../tools/audit/findings.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { seedShop } from '../support/database.js';
import { effectsAlone, type RunOrder } from '../support/effects-alone.js';
import { placementOf } from '../support/saga-world.js';
import { seedReferenceData } from '../support/shop.js';

let api: TestApi;
let run: RunOrder;
let catcher: MailCatcher;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'order-saga-'));
  catcher = await startMailCatcher({ smtpPort: await freePort(), dataDir: folder, tag: mailTag });
  api = await startTestApi({ mailCatcherUrl: catcher.listUrl });
  await seedShop(api.db.owner);
  await seedReferenceData(api.db.owner);
  run = effectsAlone(api.db);
});
afterAll(async () => {
  await api.close();
  await catcher.stop();
  await rm(folder, { recursive: true, force: true });
});

const ADDRESS = 'alice@shop.example';

const send = (orderId: OrderId, to: string) =>
  createTransport({ url: catcher.smtpUrl }).sendMail({
    from: 'shop@shop.example',
    to,
    subject: 'Your order',
    text: 'Thank you',
    headers: { 'X-Order-Id': orderId },
  });

const refuse = (orderId: string, body: string, detail = body) =>
  api.db.owner.query(
    `insert into journal.quarantine
       (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen)
     values ('payment', $1, 'w', $2, 's', 'SCHEMA', $4, $3, $3, 1)`,
    [orderId, randomUUID(), body, detail],
  );

const erase = (customerId: string, operator = 'Ann') =>
  api.call('POST', `/customers/${customerId}/erasures`, { headers: { operator } });

/** Every value that is stored, but for the record of erasures. */
async function everything(): Promise<string> {
  const { rows } = await api.db.owner.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema') and tablename <> 'erasures'`,
  );
  const texts = await Promise.all(
    rows.map(async ({ name }) => {
      const found = await api.db.owner.query<{ text: string }>(
        `select stored::text as text from ${name} stored`,
      );
      return found.rows.map(({ text }) => `${name} ${text}`);
    }),
  );
  return texts.flat().join('\n');
}

test('erases name, address, mails, and what is in quarantine; the books stay, and it is on record', async () => {
  const [one, other] = [
    await run(placementOf('alice', 'mouse')),
    await run(placementOf('alice', 'figurine')),
  ];
  const ofBob = await run(placementOf('bob', 'mouse'));
  await send(one, ADDRESS);
  await send(ofBob, 'bob@shop.example');
  await refuse(one, `{"note":"call me"}`);
  await refuse(ofBob, `{"note":"and tell ${ADDRESS}"}`);
  await refuse(randomUUID(), `[{"customerId":"alice","secret":"s3cret"}]`);
  await refuse(ofBob, '{}', `#/reason: expected a reason, found "${ADDRESS}"`);
  await refuse(ofBob, `{"note":"stays"}`);
  await api.db.pools.operator.query(
    `insert into journal.operator_actions (operator, action, order_id, outcome, detail)
     values ('Ann', 'NOTIFICATION_RETRY', $1, 'NOT_PARKED', 'alice has moved')`,
    [one],
  );

  const answer = await erase('alice');
  expect(answer).toMatchObject({ status: 200, body: { customerId: 'alice', operator: 'Ann', orders: 2 } });
  const stored = await everything();
  expect(stored).not.toMatch(/alice@|Alice|s3cret|call me|alice has moved/);
  expect(stored).toMatch(/bob@shop\.example[^]*stays/);
  expect(await readFile(path.join(folder, 'mails.jsonl'), 'utf8')).not.toContain(ADDRESS);
  expect((await api.call('GET', `/mails?orderId=${ofBob}`)).body).toMatchObject({ mails: [{}] });

  for (const orderId of [one, other]) {
    const { body } = await api.call('GET', `/orders/${orderId}/events`);
    expect(body).toMatchObject({ events: [], forgottenAt: expect.stringMatching(/Z$/) as string });
    expect((await api.call('GET', `/orders/${orderId}`)).status).toBe(200);
  }
  expect((await api.call('GET', '/wallets/alice')).body).toMatchObject({ balance: { amount: 975_000 } });
  expect((await api.call('GET', '/customers/alice')).status).toBe(404);
  expect((await api.call('GET', '/contacts/alice')).status).toBe(404);
  expect(await auditDatabase(api.db.owner, new Date())).toEqual([]);
  expect((await api.call('GET', `/orders/${ofBob}/events`)).body).toMatchObject({ forgottenAt: null });

  expect((await erase('alice', 'Bea')).status).toBe(200);
  const { body } = await api.call('GET', '/customers/alice/erasures');
  expect(body).toMatchObject({ erasures: [{ operator: 'Bea' }, { operator: 'Ann', orders: 2 }] });
});

test('nothing is erased while an order is not at rest', async () => {
  const orderId = await run(placementOf('bob', 'mouse'));
  const update = (status: string) =>
    api.db.owner.query(`update orders.orders set status = $2, reason = $3 where order_id = $1`, [
      orderId,
      status,
      status === 'PAYMENT_FAILED' ? 'NO_WALLET' : null,
    ]);
  await update('PENDING_PAYMENT');
  const before = await everything();
  expect(await erase('bob')).toMatchObject({
    status: 409,
    body: { type: '/problems/orders-not-at-rest', detail: `repeat it once these are: ${orderId}` },
  });
  expect(await everything()).toBe(before);
  await update('PAYMENT_FAILED');
  expect((await erase('bob')).status).toBe(200);
});

test('an order that needs a person for ever is no obstacle, but mails that cannot be erased are', async () => {
  await api.call('PUT', '/customers/carol', { body: { name: 'Carol' } });
  const orderId = await run(placementOf('carol', 'mouse'));
  await api.db.owner.query(
    `insert into orders.attention (order_id, code, since) values ($1, 'CUSTOMER_TOLD_THEN_REFUNDED', now())`,
    [orderId],
  );
  await catcher.stop();
  expect(await erase('carol')).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
  expect(await api.call('GET', '/customers/carol/erasures')).toMatchObject({ body: { erasures: [] } });
  expect((await api.call('GET', '/customers/carol')).status).toBe(200);
  catcher = await startMailCatcher({
    smtpPort: await freePort(),
    dataDir: folder,
    tag: mailTag,
    listPort: Number(new URL(catcher.listUrl).port),
  });
  expect(await erase('carol')).toMatchObject({ status: 200, body: { orders: 1 } });
});

test('who asks has to say so, and of whom nothing is known nothing is erased', async () => {
  expect((await api.call('POST', '/customers/alice/erasures')).status).toBe(400);
  expect(await erase('nobody')).toMatchObject({ status: 404, body: { type: '/problems/not-found' } });
});
