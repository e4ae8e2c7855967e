import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { OrderId } from '../../schemas/ids.js';
import { isFinal, type OrderStatus } from '../../schemas/order-status.js';
import { databaseVariable } from '../../platform/variables.js';
import { logins, services } from '../../schemas/services.js';
import { workflowIdOf } from '../../core/choreography.js';
import { parseExposition, valuesBy } from '../support/parse-exposition.js';
import { programNode } from '../support/program-node.js';
import { compiled } from '../support/programs.js';
import { StreamClient } from '../support/stream-client.js';
import { forgetOperators, readPasswords } from './older-data.js';
import { CTRL_C, inTerminal, quoted, RunningSystem, until } from './running-system.js';
import { openToOthers, passwordsOf } from './secrets.js';

interface Order {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly reason: string | null;
  readonly links: { readonly temporal: string };
}
interface Wallet {
  readonly balance: { readonly amount: number };
}
interface Published {
  readonly eventId: string;
  readonly type: string;
}
interface Stock {
  readonly available: number;
  readonly reserved: number;
}

let system: RunningSystem;
/** The first order, which is completed. */
let older: Order;
/** Those with which the system was stopped. */
let inFlight: readonly Order[];
beforeAll(async () => {
  // Mails that find no server are tried again within the test's patience.
  system = await RunningSystem.prepare({ NOTIFICATION_RETRY_INTERVAL: '5s' });
  await system.startInTerminal();
});
afterAll(() => system.remove());

const place = async (customerId: string, sku: string, wait = 20): Promise<Order> => {
  const items = [{ sku, quantity: 1 }];
  const { status, body } = await system.call<Order>(
    'POST',
    '/orders',
    { customerId, items },
    { prefer: `wait=${wait}` },
  );
  expect(status).toBe(201);
  return body;
};
const balanceOf = async (customer: string) =>
  (await system.call<Wallet>('GET', `/wallets/${customer}`)).body.balance.amount;
const stockOf = async (sku: string) => (await system.call<Stock>('GET', `/stock/${sku}`)).body;
const statusOf = async (orderId: string) =>
  (await system.call<Order>('GET', `/orders/${orderId}`)).body.status;
const allFinal = (orders: readonly Order[]) => async () =>
  (await Promise.all(orders.map(({ orderId }) => statusOf(orderId)))).every(isFinal);

test('each worker has the password of its own login, and no other; nor has the API the owner’s', async () => {
  for (const service of services)
    expect(await passwordsOf(system.pidOfWorker(service))).toEqual([databaseVariable(service)]);
  expect(await passwordsOf(system.pidOf('bin/api'))).toEqual(logins.map(databaseVariable).sort());
});

test('what the system stores is for its owner alone, and only PostgreSQL’s folder is PostgreSQL’s', async () => {
  expect(await openToOthers(system.dataDir)).toEqual([]);
  const { mode, uid } = await stat(system.dataDir);
  expect([mode & 0o066, uid]).toEqual([0, process.getuid?.()]);
});

test('alice buys a mouse: completed, 25,000 won less, one mouse reserved, one mail, which names its cause', async () => {
  const [balance, stock] = [await balanceOf('alice'), await stockOf('mouse')];
  const order = await place('alice', 'mouse');
  expect(order).toMatchObject({ status: 'COMPLETED', reason: null });
  expect(await balanceOf('alice')).toBe(balance - 25_000);
  expect(await stockOf('mouse')).toMatchObject({
    available: stock.available - 1,
    reserved: stock.reserved + 1,
  });
  const journal = await system.call<{ events: Published[] }>('GET', `/orders/${order.orderId}/events`);
  const cause = journal.body.events.find(({ type }) => type === 'InventoryReservedEvent');
  const { body } = await system.call<{ mails: unknown[] }>('GET', `/mails?orderId=${order.orderId}`);
  expect(body.mails).toMatchObject([{ messageId: `<${cause?.eventId}@order-saga>` }]);
  await showsInTemporal(order);
  older = order;
});

/** One query shows the saga, the order's participant its state, and all that for 30 days. */
async function showsInTemporal({ orderId, status }: Order): Promise<void> {
  const namespace = 'default';
  const connection = await Connection.connect({ address: system.temporalAddress });
  try {
    const { workflow } = new Client({ connection, namespace });
    const list = async (query: string) => {
      const ids: string[] = [];
      for await (const { workflowId } of workflow.list({ query })) ids.push(workflowId);
      return ids.sort();
    };
    const all = services.map((service) => workflowIdOf(service, orderId as OrderId)).sort();
    const byOrder = `OrderId = '${orderId}'`;
    await expect.poll(() => list(byOrder), { timeout: 30_000 }).toEqual(all);
    await expect
      .poll(() => list(`${byOrder} and OrderSagaStatus = '${status}'`), { timeout: 30_000 })
      .toEqual([`order-${orderId}`]);
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    expect(tsToMs(config?.workflowExecutionRetentionTtl)).toBe(30 * 24 * 3_600_000);
  } finally {
    await connection.close();
  }
}

test('bob cannot pay; a figurine is out of stock, and alice has her money back', async () => {
  const balance = await balanceOf('alice');
  expect(await place('bob', 'mouse')).toMatchObject({
    status: 'PAYMENT_FAILED',
    reason: 'INSUFFICIENT_BALANCE',
  });
  expect(await place('alice', 'figurine')).toMatchObject({ status: 'OUT_OF_STOCK', reason: 'OUT_OF_STOCK' });
  expect(await balanceOf('alice')).toBe(balance);
});

test('one scrape shows the orders placed so far, and what the SDK measures in all four workers', async () => {
  const scrape = async () => parseExposition(await (await fetch(`${system.apiUrl}/metrics`)).text());
  const isUp = { database: 1, order: 1, payment: 1, inventory: 1, notification: 1 };
  await expect
    .poll(async () => valuesBy('part', (await scrape()).get('order_saga_up')), { timeout: 30_000 })
    .toEqual(isUp);
  const families = await scrape();
  expect(families.get('order_saga_orders_created_total')?.samples).toMatchObject([{ value: 3 }]);
  const requests = families.get('temporal_request_total')?.samples ?? [];
  expect(new Set(requests.map(({ labels }) => labels['service']))).toEqual(new Set(services));
  expect(families.get('temporal_workflow_completed_total')?.type).toBe('counter');
});

/** How often Temporal has changed the state of the order's four participants, once they have all closed. */
async function stateTransitions({ workflow }: Client, orderId: string): Promise<number> {
  let sum = 0;
  for (const service of services) {
    const handle = workflow.getHandle(workflowIdOf(service, orderId as OrderId));
    await handle.result();
    const { raw } = await handle.describe();
    sum += Number(raw.workflowExecutionInfo?.stateTransitionCount);
  }
  return sum;
}

// More or fewer by one or two, as its signals happen to meet; the time-skipping server counts none at all.
test('a completed order takes at most 28 state transitions, in the median', async () => {
  const connection = await Connection.connect({ address: system.temporalAddress });
  onTestFinished(() => connection.close());
  const client = new Client({ connection });
  const counts: number[] = [];
  while (counts.length < 5) {
    const { orderId, status } = await place('alice', 'mouse');
    expect(status).toBe('COMPLETED');
    counts.push(await stateTransitions(client, orderId));
  }
  console.log('state transitions of a completed order:', counts);
  expect(Math.min(...counts)).toBeGreaterThan(0);
  expect(counts.sort((one, other) => one - other)[2]).toBeLessThanOrEqual(28);
});

test('a worker and the mail catcher are killed with orders in flight: they come back, and every order is final', async () => {
  const orders = await Promise.all(Array.from({ length: 4 }, () => place('alice', 'mouse', 0)));
  process.kill(system.pidOfWorker('payment'), 'SIGKILL');
  process.kill(system.pidOf('mail-catcher'), 'SIGKILL');
  for (const name of ['payment worker', 'Mail catcher'])
    await until(() => system.output.includes(`${name} ended with code 137; starting it again`), 10_000);
  await until(allFinal(orders), 60_000);
  expect(await system.isClean()).toBe(true);
});

test('a frozen worker is taken for dead, another takes over, and the first thaws and still writes: nothing twice', async () => {
  const [balance, stock] = [await balanceOf('alice'), await stockOf('mouse')];
  const orders = await Promise.all(Array.from({ length: 4 }, () => place('alice', 'mouse', 0)));
  const frozen = system.pidOfWorker('payment');
  process.kill(frozen, 'SIGSTOP');
  const successor = system.spawn('bin/worker', 'payment');
  try {
    await until(allFinal(orders), 90_000);
  } finally {
    process.kill(frozen, 'SIGCONT');
  }
  expect(await system.isClean()).toBe(true);
  const { available, reserved } = await stockOf('mouse');
  expect([available, reserved]).toEqual([stock.available - 4, stock.reserved + 4]);
  expect(await balanceOf('alice')).toBe(balance - 4 * 25_000);
  successor.kill('SIGTERM');
  await once(successor, 'exit');
});

// npm passes the signal on, so that two arrive within a moment.
test('Ctrl-C through npm, with orders in flight: the prompt is back when all has stopped, and nothing is left but the data', async () => {
  inFlight = await Promise.all(Array.from({ length: 4 }, () => place('alice', 'mouse', 0)));
  expect(system.processes().length).toBeGreaterThan(7);
  const connections = path.join(system.dataDir, 'connections.env');
  expect(existsSync(connections)).toBe(true);
  await system.stop('Ctrl-C');
  // A guardian's last `sleep 0.1` may still be under way.
  expect(system.processes().filter(({ command }) => !command.startsWith('sleep 0.1'))).toEqual([]);
  expect(existsSync(connections)).toBe(false);
  const settings = () => system.output.match(/^[\da-f]+(:[\da-f]+){10,}/gm) ?? [];
  await until(() => settings().length === 2, 10_000);
  expect(settings()[1]).toBe(settings()[0]);
  expect(system.output).toContain('\nexit 0\r\n');
});

test('stopped, audited, and started again: nothing is lost', async () => {
  expect(await system.succeeds('tools/audit')).toBe(true);
  await system.start();
  await until(allFinal(inFlight), 60_000);
  const { available, reserved } = await stockOf('mouse');
  expect(available + reserved).toBe(1_000);
  expect(await balanceOf('alice')).toBe(1_000_000 - 25_000 * reserved);
  expect(await system.isClean()).toBe(true);
});

/** What tells a terminal whether to wrap lines. */
const [WRAP, NO_WRAP] = ['\x1b[?7h', '\x1b[?7l'];

test('Ctrl-C in the demo: the lines of its terminal wrap again', async () => {
  // A shell that waits for it would die of the key itself, which dash does, and bash does not.
  const demo = [
    'exec',
    programNode(),
    quoted(compiled('tools/demo')),
    '--orders',
    '500',
    '--concurrency',
    '2',
    '--api',
    system.apiUrl,
  ];
  const terminal = spawn('script', inTerminal(demo.join(' ')));
  let output = '';
  terminal.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(terminal, 'exit');
  await until(() => / [1-9]\d*\/500/.test(output), 60_000);
  terminal.stdin.write(CTRL_C);
  expect(await ended).toEqual([1, null]);
  expect(output).toContain('stopped; the orders placed so far continue');
  expect(output).toContain(NO_WRAP);
  expect(output.lastIndexOf(WRAP)).toBeGreaterThan(output.lastIndexOf(NO_WRAP));
});

test('the demo ends clean, by its own audit and by the auditor', async () => {
  expect(await system.succeeds('tools/demo', '--orders', '10', '--seed', '7')).toBe(true);
});

test('data of a version without operators: the passwords stay, the orders and their stories too, and operators can log in', async () => {
  // As a terminal does that is closed.
  await system.stop('SIGHUP');
  expect(existsSync(path.join(system.dataDir, 'connections.env'))).toBe(false);
  const before = await readPasswords(system.dataDir);
  await forgetOperators(system.dataDir);
  await system.start();
  const after = await readPasswords(system.dataDir);
  expect({ ...after, operator: '', observer: '' }).toEqual({ ...before, operator: '', observer: '' });
  expect(after['operator']).not.toBe(before['operator']);
  expect(await system.call('GET', '/quarantine')).toMatchObject({
    status: 200,
    body: { quarantine: [], nextCursor: null },
  });
  expect(await system.call('GET', '/faults')).toMatchObject({ status: 200, body: { allowed: false } });
  expect(await system.call('GET', '/attention')).toMatchObject({ status: 200, body: { attention: [] } });
  const story = await StreamClient.open(`${system.apiUrl}/orders/${older.orderId}/events`);
  await expect.poll(() => story.messages.at(0)?.kind, { timeout: 10_000 }).toBe('placed');
  const states = () =>
    story.messages.flatMap(({ kind, data }) => (kind === 'status' ? [data['status']] : []));
  await expect.poll(states, { timeout: 10_000 }).toContain('COMPLETED');
  story.close();
});

test('the supervisor is killed: every process ends all the same', async () => {
  const supervisor = system.processes().find(({ command }) => /^\S*node\S* .*bin\/start\.js/.test(command));
  expect(system.processes().length).toBeGreaterThan(7);
  await system.keepHistories();
  process.kill(supervisor?.pid ?? Number.NaN, 'SIGKILL');
  await until(() => system.processes().length === 0, 30_000);
});
