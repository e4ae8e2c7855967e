import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStartConfig } from '../../bin/start-config.js';
import { ConfigurationError, fault } from '../../platform/environment.js';
import { lockInstance } from '../../platform/instance-lock.js';
import { freePort } from '../../platform/ports.js';
import { services } from '../../schemas/services.js';

let DATA_DIR: string;
beforeEach(async () => (DATA_DIR = await mkdtemp(path.join(tmpdir(), 'order-saga-'))));
afterEach(() => rm(DATA_DIR, { recursive: true, force: true }));

let said: string[];
beforeEach(() => void (said = []));
const read = (env: NodeJS.ProcessEnv = {}, without: readonly string[] = []) =>
  readStartConfig({ DATA_DIR, ...env }, without, (line) => said.push(line));

async function withTakenPort(use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  await use((server.address() as AddressInfo).port);
  server.close();
}

test.each([
  [{ NODE_ENV: 'production' }, /^NODE_ENV: .* not for production\n {2}found production$/],
  [{ TEMPORAL_TLS: 'yes' }, /^TEMPORAL_TLS: expected true or false\n {2}found "yes"$/],
  [{ TEMPORAL_ADDRESS: 'http://a' }, /^TEMPORAL_ADDRESS: expected host:port\n {2}found "http:\/\/a"$/],
  [{ TEMPORAL_API_KEY: 'hidden' }, /^TEMPORAL_ADDRESS: missing, expected host:port where .* is given$/],
  [{ DATABASE_URL: 'mysql://a:hidden@b' }, /^DATABASE_URL: expected a URL like .*\n {2}found another value/],
  [{ DATABASE_URL_ORDER: 'b' }, /^DATABASE_URL_ORDER: expected a URL like/],
  [{ SMTP_URL: 'b' }, /^SMTP_URL: expected a URL like/],
  [{ API_HOST: '192.0.2.1' }, /^API_HOST: expected an address of this machine/],
  [{ POSTGRES_PORT: 'x' }, /^POSTGRES_PORT: expected a port number from 1 to 65535\n {2}found "x"$/],
  [{ PAYMENT_WAIT: '5' }, /^PAYMENT_WAIT: expected a duration such as 5m.*\n {2}found "5"$/],
  [
    { TEMPORAL_CLI_PATH: '/nowhere' },
    /^TEMPORAL_CLI_PATH: expected an executable file\n {2}found \/nowhere$/,
  ],
])('npm start with %j is refused', async (env, message) => {
  await expect(read(env)).rejects.toThrow(ConfigurationError);
  await expect(read(env)).rejects.toThrow(message);
  await expect(read(env)).rejects.not.toThrow(/hidden/);
});

test('every fault is listed, those of the worker of each service too, once each', async () => {
  const wrong = { SMTP_URL: 'b', LOG_LEVEL: 'loud', NOTIFICATION_MAX_RETRIES: '-1', ALLOW_FAULTS: 'no' };
  const refused = await read(wrong, ['paymnt']).catch((error: unknown) => error as ConfigurationError);
  const names = (refused as ConfigurationError).faults.map((text) => text.split(':')[0]);
  expect(names.toSorted()).toEqual([...Object.keys(wrong), '--without'].toSorted());
});

test('a database that was named and does not answer is refused', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  await expect(read({ DATABASE_URL: `postgres://owner:secret@${address}/saga` })).rejects.toThrow(
    new ConfigurationError(
      fault('DATABASE_URL', 'a PostgreSQL that answers', `connect ECONNREFUSED ${address}`),
    ),
  );
});

test('data in use is refused, beside what else is wrong', async () => {
  const unlock = await lockInstance(DATA_DIR);
  await expect(read({ LOG_LEVEL: 'loud' })).rejects.toThrow(
    new RegExp(`^LOG_LEVEL: [^]*\nDATA_DIR: .* is in use by process ${process.pid}\n`),
  );
  await unlock();
});

test('a port that is taken is refused; what is right is read, and waits that contradict each other are said', () =>
  withTakenPort(async (taken) => {
    await expect(read({ API_PORT: String(taken) })).rejects.toThrow(/^API_PORT: expected a free port/);
    expect(said).toEqual([]);
    const config = await read({ API_HOST: 'localhost', INVENTORY_WAIT: '6m' }, ['payment']);
    expect(config).toMatchObject({ dataDir: DATA_DIR, host: 'localhost' });
    expect(config.present).toEqual(services.filter((name) => name !== 'payment'));
    expect(said.at(-1)).toMatch(/^PAYMENT_WAIT and INVENTORY_WAIT together: 660 s/);
    await (
      await lockInstance(DATA_DIR)
    )();
  }));
