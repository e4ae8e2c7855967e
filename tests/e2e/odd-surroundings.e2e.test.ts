import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compiled } from '../support/programs.js';
import { RunningSystem, until } from './running-system.js';

/** Nobody listens there. */
const proxy = 'http://127.0.0.1:9';

let system: RunningSystem;
let worker: ChildProcess | undefined;
let workerEnded: Promise<unknown> | undefined;
beforeAll(async () => {
  system = await RunningSystem.prepare({
    API_HOST: '::1',
    grpc_proxy: proxy,
    https_proxy: proxy,
    http_proxy: proxy,
  });
});
afterAll(async () => {
  worker?.kill('SIGTERM');
  await workerEnded;
  await system.remove();
});

/** What Node runs first: its clock is an hour ahead from then on. */
const hourAhead = `data:text/javascript,${encodeURIComponent(`
  const { now } = Date;
  globalThis.Date = class extends Date {
    constructor(...given) { super(...(given.length === 0 ? [now() + 3600000] : given)); }
    static now() { return now() + 3600000; }
  };`)}`;

interface Order {
  readonly orderId: string;
  readonly status: string;
  readonly toldAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

test('on IPv6, among proxies that lead nowhere, the system starts and says where it is', async () => {
  await system.start('--without', 'notification');
  expect(system.output).toContain(`Dashboard and API  ${system.apiUrl}\n`);
  expect(system.apiUrl).toMatch(/^http:\/\/\[::1\]:\d+$/);
});

test('a worker whose clock is an hour ahead says so, and tells the customer on time', async () => {
  let output = '';
  const { PATH, HOME } = process.env;
  worker = spawn(process.execPath, ['--import', hourAhead, compiled('bin/worker'), 'notification'], {
    env: { PATH, HOME, DATA_DIR: system.dataDir },
  });
  workerEnded = once(worker, 'exit');
  for (const stream of [worker.stdout, worker.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const items = [{ sku: 'mouse', quantity: 2 }];
  const prefer = { prefer: 'wait=30' };
  const { body: order } = await system.call<Order>('POST', '/orders', { customerId: 'alice', items }, prefer);
  expect(order.status).toBe('COMPLETED');
  const [created, told, updated] = [order.createdAt, order.toldAt, order.updatedAt].map(Date.parse);
  expect(told).toBeGreaterThanOrEqual(Number(created));
  expect(told).toBeLessThanOrEqual(Number(updated));
  await until(() => output.includes('clocks differ'), 30_000);
  expect(output).toMatch(
    /clocks differ: Temporal is 3\d{3}\.\d s behind this worker; the database is 3\d{3}/,
  );
});
