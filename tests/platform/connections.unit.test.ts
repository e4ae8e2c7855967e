import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { shareConnections, withConnections } from '../../platform/connections.js';
import { dataDirIn } from '../../platform/data-dir.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'order-saga-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const connections = {
  API_URL: 'http://127.0.0.1:3000',
  DATABASE_URL: 'postgres://owner:secret@127.0.0.1:5432/saga',
  DATABASE_URL_PAYMENT: `postgres://payment_service:it's#1@127.0.0.1:5432/saga`,
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  TEMPORAL_NAMESPACE: 'shop',
  TEMPORAL_API_KEY: 'key',
  SMTP_URL: 'smtp://user:pass`word@mail.example:25',
  ALLOW_FAULTS: 'true',
};

test('what runs beside a system meets all of its parts, those that the environment gave as well', async () => {
  const unshare = await shareConnections(folder, { ...connections, HOME: '/root', API_PORT: '3000' });
  expect(withConnections({}, folder)).toEqual(connections);
  expect(withConnections({ SMTP_URL: 'smtp://own:25' }, folder)['SMTP_URL']).toBe('smtp://own:25');
  expect((await stat(path.join(folder, 'connections.env'))).mode & 0o777).toBe(0o600);
  unshare();
  expect(await readdir(folder)).toEqual([]);
  expect(withConnections({}, folder)).toEqual({});
});

test('an environment that says where Temporal is, and production, are taken as they are', async () => {
  await shareConnections(folder, connections);
  for (const env of [{ TEMPORAL_ADDRESS: 'other:7233' }, { NODE_ENV: 'production' }])
    expect(withConnections(env, folder)).toEqual(env);
});

test('a value that no quotes can hold is refused by its name, and not shown', async () => {
  await expect(shareConnections(folder, { SMTP_URL: "smtp://a'b`c@host" })).rejects.toThrow(
    /^SMTP_URL: expected no value with both ' and `$/,
  );
});

test('data are in the project, unless DATA_DIR says where', () => {
  const project = fileURLToPath(new URL('../..', import.meta.url));
  expect([dataDirIn({}), dataDirIn({ DATA_DIR: '' })]).toEqual(Array(2).fill(path.join(project, '.data')));
  expect(dataDirIn({ DATA_DIR: folder })).toBe(folder);
});
