import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { RunningSystem, until } from './running-system.js';

// Ways to start: each system here is started differently from the others.

interface Order {
  readonly orderId: string;
  readonly status: string;
  readonly links: { readonly temporal: string };
}

test('no payment worker, in a namespace of its own: the order fails in time, and nothing stays charged when the worker is there', async () => {
  const quick = await RunningSystem.prepare({ PAYMENT_WAIT: '5s', TEMPORAL_NAMESPACE: 'quick' });
  try {
    await quick.start('--without', 'payment');
    const shared = parseEnv(await readFile(path.join(quick.dataDir, 'connections.env'), 'utf8'));
    expect(shared).toMatchObject({ TEMPORAL_NAMESPACE: 'quick', API_URL: quick.apiUrl });
    expect(quick.output).toContain('\nWithout the payment worker; npm run worker -- payment adds it\n');
    expect(quick.output).toContain(`  Mails              ${quick.apiUrl}/#/mails\n`);
    const items = [{ sku: 'mouse', quantity: 1 }];
    const placed = await quick.call<Order>(
      'POST',
      '/orders',
      { customerId: 'alice', items },
      { prefer: 'wait=20' },
    );
    expect(placed.body).toMatchObject({ status: 'PAYMENT_FAILED', reason: 'PAYMENT_TIMEOUT' });
    expect(placed.body.links.temporal).toContain('/namespaces/quick/workflows');
    const worker = quick.spawn('bin/worker', 'payment');
    const { orderId } = placed.body;
    const eventTypes = async () =>
      (await quick.call<{ events: { type: string }[] }>('GET', `/orders/${orderId}/events`)).body.events.map(
        ({ type }) => type,
      );
    await until(async () => (await eventTypes()).includes('PaymentFailedEvent'), 30_000);
    expect(await eventTypes()).toEqual(['OrderCreatedEvent', 'OrderCancelledEvent', 'PaymentFailedEvent']);
    const wallet = await quick.call<{ balance: { amount: number } }>('GET', '/wallets/alice');
    expect(wallet.body.balance.amount).toBe(1_000_000);
    worker.kill('SIGTERM');
    await once(worker, 'exit');
  } finally {
    await quick.remove();
  }
});

test('chaos: whatever workers deliver twice, late, overtaken or deny, the demo and the auditor find nothing', async () => {
  const chaotic = await RunningSystem.prepare();
  try {
    await chaotic.start('--chaos');
    expect(await chaotic.succeeds('tools/demo', '--orders', '15')).toBe(true);
    const { body } = await chaotic.call<{ quarantine: unknown[] }>('GET', '/quarantine');
    expect(body.quarantine).toEqual([]);
  } finally {
    await chaotic.remove();
  }
});

test('a variable that is wrong: a clear error instead of programs that are started again and again', async () => {
  const refused = await RunningSystem.prepare({ PAYMENT_WAIT: 'soon' });
  try {
    await expect(refused.start()).rejects.toThrow('PAYMENT_WAIT: expected a duration such as 5m');
    await until(() => refused.processes().length === 0, 20_000);
  } finally {
    await refused.remove();
  }
});

test('a port that was asked for and is taken: a clear error, and nothing is left running', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const refused = await RunningSystem.prepare({ POSTGRES_PORT: String(port) });
  try {
    await expect(refused.start()).rejects.toThrow(`POSTGRES_PORT: port ${port} is taken`);
    await until(() => refused.processes().length === 0, 20_000);
  } finally {
    other.close();
    await refused.remove();
  }
});
