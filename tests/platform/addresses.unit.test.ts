import pg from 'pg';
import { expect, test } from 'vitest';
import { hostAndPort, reachableHost } from '../../platform/host-and-port.js';
import { isLoopback, loopbackWithoutProxy } from '../../platform/loopback.js';
import { addressOf, withLogin } from '../../platform/postgres-url.js';

test.each([
  ['127.0.0.1', '127.0.0.1:3000'],
  ['localhost', 'localhost:3000'],
  ['::1', '[::1]:3000'],
  ['0.0.0.0', '127.0.0.1:3000'],
  ['::', '[::1]:3000'],
])('a server that listens on %s is found at %s', (host, address) => {
  expect(hostAndPort(reachableHost(host), 3_000)).toBe(address);
  expect(URL.canParse(`http://${address}`)).toBe(true);
});

const socket = '/var/run/postgresql';

test.each([
  ['postgres://owner:secret@db.example:5433/saga', 'db.example:5433/saga'],
  ['postgres://owner:secret@db.example/saga?sslmode=disable', 'db.example:5432/saga'],
  ['postgres://owner:secret@[::1]:5433/saga', '[::1]:5433/saga'],
  ['postgres:///saga?host=/var/run/postgresql&user=owner&password=secret', `${socket} saga`],
  ['postgres://owner:secret@/saga?host=/var/run/postgresql', `${socket} saga`],
  ['postgres://owner:secret@%2Fvar%2Frun%2Fpostgresql/saga', `${socket} saga`],
])('%s leads to %s, for another login too, and tells it nothing of the owner', (url, address) => {
  const other = withLogin(url, 'order_service', 'its/own');
  expect([addressOf(url), addressOf(other)]).toEqual([address, address]);
  const { user, password } = new pg.Client({ connectionString: other });
  expect([user, password]).toEqual(['order_service', 'its/own']);
  expect(other).not.toContain('owner');
  expect(other).not.toContain('secret');
});

test.each([
  ['127.0.0.1:7233', true],
  ['127.8.0.1:7233', true],
  ['localhost:7233', true],
  ['[::1]:7233', true],
  ['temporal.example:7233', false],
  ['localhost.example:7233', false],
  ['10.0.0.1:7233', false],
])('%s stays on this machine: %s', (address, stays) => {
  expect(isLoopback(address)).toBe(stays);
});

test.each([
  [{}, 'localhost,127.0.0.1,::1'],
  [{ NO_PROXY: 'db.example' }, 'db.example,localhost,127.0.0.1,::1'],
  [{ no_proxy: 'a.example', NO_PROXY: 'b.example' }, 'a.example,localhost,127.0.0.1,::1'],
])('with %j no proxy is used for %s', (env, excepted) => {
  expect(loopbackWithoutProxy(env)).toEqual({ no_proxy: excepted, NO_PROXY: excepted });
});
