import { expect, test } from 'vitest';
import {
  contradictionsOf,
  readApiConfig,
  readForgettingConfig,
  readHealthCheckConfig,
  readMailCatcherConfig,
  readMigrationConfig,
} from '../../bin/config.js';
import { ConfigurationError } from '../../platform/environment.js';
import { databaseVariable } from '../../platform/variables.js';
import { limits } from '../../schemas/limits.js';
import { logins } from '../../schemas/services.js';
import { readWorkerConfig } from '../../workers/config.js';

const addresses = {
  DATABASE_URL_PAYMENT: 'postgres://payment_service:secret@db:5432/saga',
  TEMPORAL_ADDRESS: 'temporal:7233',
};

const apiAddresses = {
  ...addresses,
  ...Object.fromEntries(logins.map((login) => [databaseVariable(login), addresses.DATABASE_URL_PAYMENT])),
};

const DAY = 86_400_000;

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).faults;
  }
  return [];
}

test("the defaults are the product owner's", () => {
  expect(readWorkerConfig('payment', addresses)).toMatchObject({
    waits: { inventory: 180_000 },
    notification: { retryIntervalMs: 60_000, maxRetries: 3 },
    sweep: { intervalMs: 10_000, graceMs: 30_000, stuckAfterMs: 300_000 },
    temporal: { namespace: 'default' },
  });
  expect(readApiConfig(apiAddresses).orderWaits).toEqual({ payment: 300_000, saga: 600_000 });
});

test('durations are read as people write them', () => {
  const { orderWaits } = readApiConfig({ ...apiAddresses, PAYMENT_WAIT: '5s', SAGA_DEADLINE: '1500ms' });
  expect(orderWaits).toEqual({ payment: 5_000, saga: 1_500 });
  expect(readWorkerConfig('payment', { ...addresses, INVENTORY_WAIT: '2m' }).waits).toEqual({
    inventory: 120_000,
  });
});

test.each(['0', '5', '-5m', '31d', '2592000001', '0.4ms', 'x'.repeat(200), '999999999999999y'])(
  'a wait of %s is refused, with the limits',
  (INVENTORY_WAIT) => {
    expect(problemsOf(() => readWorkerConfig('payment', { ...addresses, INVENTORY_WAIT }))).toEqual([
      'INVENTORY_WAIT: expected a duration such as 5m, 30s or 1500ms, from 1ms to 30d\n' +
        `  found ${JSON.stringify(INVENTORY_WAIT).slice(0, 80)}`,
    ]);
  },
);

test('a wait is of whole milliseconds, since a deadline is', () => {
  const wait = (INVENTORY_WAIT: string) =>
    readWorkerConfig('payment', { ...addresses, INVENTORY_WAIT }).waits.inventory;
  expect(['1ms', '30d', '1.1m', '0.3333s', '1.5ms'].map(wait)).toEqual([1, limits.wait.max, 66_000, 333, 2]);
});

test('orders are kept for 90 days, unless somebody says how long, or that nothing is to be forgotten', () => {
  const retained = (RETAIN_ORDERS?: string) =>
    [readApiConfig, readForgettingConfig].map(
      (read) => read({ ...apiAddresses, RETAIN_ORDERS }).retainOrdersMs,
    );
  expect([undefined, '365d', 'off'].map(retained)).toEqual([
    [90 * DAY, 90 * DAY],
    [365 * DAY, 365 * DAY],
    [null, null],
  ]);
  for (const given of ['23h', '3651d', '90', 'never'])
    expect(problemsOf(() => readForgettingConfig({ ...apiAddresses, RETAIN_ORDERS: given }))).toEqual([
      `RETAIN_ORDERS: expected off, or a duration such as 90d, from 1d to 3650d\n  found "${given}"`,
    ]);
});

test.each(['-1', '101', '1.5', 'many'])('%s retries are refused, with the limits', (given) => {
  const read = () => readWorkerConfig('payment', { ...addresses, NOTIFICATION_MAX_RETRIES: given });
  expect(problemsOf(read)).toEqual([
    `NOTIFICATION_MAX_RETRIES: expected a whole number from 0 to 100\n  found "${given}"`,
  ]);
});

test('every variable that is wrong is listed, with what was expected', () => {
  const problems = problemsOf(() =>
    readWorkerConfig('payment', {
      ...addresses,
      TEMPORAL_ADDRESS: 'http://temporal',
      INVENTORY_WAIT: 'soon',
      NOTIFICATION_MAX_RETRIES: '-1',
      LOG_LEVEL: 'loud',
    }),
  );
  expect(problems).toHaveLength(4);
  expect(problems.join('\n')).toMatch(/TEMPORAL_ADDRESS: expected host:port/);
  expect(problems.join('\n')).toMatch(/INVENTORY_WAIT: expected a duration such as 5m/);
  expect(problems.join('\n')).toMatch(/NOTIFICATION_MAX_RETRIES: /);
  expect(problems.join('\n')).toMatch(/LOG_LEVEL: /);
});

test('what was found is shown, unless it could be a password or a key', () => {
  const wrong = { DATABASE_URL_PAYMENT: 'mysql://payment:hidden@db/saga', SMTP_URL: 'smtp:hidden' };
  const problems = problemsOf(() =>
    readWorkerConfig('notification', { ...addresses, ...wrong, LOG_LEVEL: 'loud' }),
  );
  expect(problems.filter((text) => text.includes('hidden'))).toEqual([]);
  expect(problems).toContain(
    'LOG_LEVEL: expected one of trace, debug, info, warn, error, silent\n  found "loud"',
  );
});

test('waits that the deadline of the saga cuts short are allowed, and said', () => {
  const minutes = (payment: number, inventory?: number) =>
    contradictionsOf({
      payment: payment * 60_000,
      saga: 600_000,
      ...(inventory === undefined ? {} : { inventory: inventory * 60_000 }),
    });
  expect([minutes(5, 3), minutes(7, 3), minutes(10)]).toEqual([[], [], []]);
  expect(minutes(7, 4)).toEqual([
    'PAYMENT_WAIT and INVENTORY_WAIT together: 660 s, more than SAGA_DEADLINE (600 s), which cancels the order before',
  ]);
  expect(minutes(11)).toEqual([expect.stringMatching(/^PAYMENT_WAIT: 660 s, more than SAGA_DEADLINE/)]);
});

test('a variable that is empty counts as missing, and the message never shows a password', () => {
  const problems = problemsOf(() =>
    readWorkerConfig('payment', { ...addresses, DATABASE_URL_PAYMENT: '', TEMPORAL_ADDRESS: '' }),
  );
  expect(problems).toEqual([
    expect.stringMatching(/^DATABASE_URL_PAYMENT: missing/),
    expect.stringMatching(/^TEMPORAL_ADDRESS: missing/),
  ]);
  const wrong = { ...addresses, DATABASE_URL_PAYMENT: 'mysql://payment:secret@db/saga' };
  expect(problemsOf(() => readWorkerConfig('payment', wrong)).join()).not.toContain('secret');
});

test('faults on demand are allowed only where the variable says so, in one way', () => {
  const allowed = (ALLOW_FAULTS?: string) =>
    readWorkerConfig('payment', { ...addresses, ALLOW_FAULTS }).faultsAllowed;
  expect([allowed(), allowed(''), allowed('false'), allowed('true')]).toEqual([false, false, false, true]);
  expect(problemsOf(() => allowed('yes'))).toEqual(['ALLOW_FAULTS: expected true or false\n  found "yes"']);
});

test('only the notification worker needs a mail server', () => {
  const env = { ...addresses, DATABASE_URL_NOTIFICATION: addresses.DATABASE_URL_PAYMENT };
  expect(problemsOf(() => readWorkerConfig('notification', env))).toEqual([
    expect.stringMatching(/^SMTP_URL: missing/),
  ]);
});

test('the API needs a login for each service, for operators and for watching', () => {
  const problems = problemsOf(() => readApiConfig({ ...addresses, API_PORT: '99999' }));
  const missing = logins.map(databaseVariable).filter((name) => !(name in addresses));
  expect(problems.map((line) => line.split(':')[0]).sort()).toEqual(['API_PORT', ...missing].sort());
});

test('the API serves its own pages alone, and limits generously', () => {
  expect(readApiConfig(apiAddresses)).toMatchObject({ corsOrigins: [], rateLimit: 30_000 });
});

test('the API can be reached from this machine alone, unless API_HOST says otherwise', () => {
  expect(readApiConfig(apiAddresses).host).toBe('127.0.0.1');
  expect(readApiConfig({ ...apiAddresses, API_HOST: '0.0.0.0' }).host).toBe('0.0.0.0');
});

test('names are a list, in lower case, and API_HOST is one of them', () => {
  const env = {
    ...apiAddresses,
    API_HOST: 'Shop.internal',
    API_ALLOWED_HOSTS: 'Shop.example, other.example',
  };
  expect(readApiConfig(env).allowedHosts).toEqual(['shop.internal', 'shop.example', 'other.example']);
});

test.each(['*', 'https://shop.example', 'shop.example:3000', 'a,,b'])(
  'API_ALLOWED_HOSTS=%s is refused',
  (names) => {
    expect(problemsOf(() => readApiConfig({ ...apiAddresses, API_ALLOWED_HOSTS: names }))).toEqual([
      expect.stringMatching(/^API_ALLOWED_HOSTS: expected names like/),
    ]);
  },
);

test('origins are a list, a rate of 0 is no limit', () => {
  const env = {
    ...apiAddresses,
    API_CORS_ORIGINS: 'https://a.example, http://[::1]:5173',
    API_RATE_LIMIT: '0',
  };
  expect(readApiConfig(env)).toMatchObject({
    corsOrigins: ['https://a.example', 'http://[::1]:5173'],
    rateLimit: 0,
  });
});

test.each(['*', 'a.example', 'https://a.example/', 'https://a.example,', 'ftp://a.example', 'null'])(
  'API_CORS_ORIGINS=%s is refused',
  (origins) => {
    expect(problemsOf(() => readApiConfig({ ...apiAddresses, API_CORS_ORIGINS: origins }))).toEqual([
      expect.stringMatching(/^API_CORS_ORIGINS: expected origins like/),
    ]);
  },
);

test.each(['-1', '1.5', 'many'])('API_RATE_LIMIT=%s is refused', (limit) => {
  expect(problemsOf(() => readApiConfig({ ...apiAddresses, API_RATE_LIMIT: limit }))).toEqual([
    `API_RATE_LIMIT: expected a whole number, 0 for no limit\n  found "${limit}"`,
  ]);
});
test('the migrations need the owner, and a login for each who logs in', () => {
  const problems = problemsOf(() =>
    readMigrationConfig({ ...apiAddresses, DATABASE_URL_ORDER: '', DATABASE_URL: 'mysql://owner@db/saga' }),
  );
  expect(problems).toEqual([
    expect.stringMatching(/^DATABASE_URL_ORDER: missing, expected a URL/),
    expect.stringMatching(/^DATABASE_URL: expected a URL/),
  ]);
});

test('the mail catcher stays on this machine and needs a folder', () => {
  expect(problemsOf(() => readMailCatcherConfig({}))).toEqual(['DATA_DIR: missing, expected a folder']);
  expect(readMailCatcherConfig({ DATA_DIR: '/data' })).toMatchObject({ MAIL_CATCHER_HOST: '127.0.0.1' });
});

test.each([{}, { HEALTH_FILE: '/tmp/healthy', HEALTH_URL: 'http://127.0.0.1/' }])(
  'a health check looks at one thing: %j',
  (env) => {
    expect(problemsOf(() => readHealthCheckConfig(env)).join()).toMatch(/^HEALTH_FILE: .*this or HEALTH_URL/);
  },
);
test('metrics are served where an address is given, and found where the API is told', () => {
  expect(readWorkerConfig('payment', addresses).metricsAddress).toBeUndefined();
  const given = { ...addresses, METRICS_ADDRESS: '127.0.0.1:9464' };
  expect(readWorkerConfig('payment', given).metricsAddress).toBe('127.0.0.1:9464');
  expect(
    problemsOf(() => readWorkerConfig('payment', { ...addresses, METRICS_ADDRESS: 'localhost:1' })),
  ).toEqual([expect.stringMatching(/^METRICS_ADDRESS: expected an IP address and a port/)]);
  const databases = Object.fromEntries(
    logins.map((login) => [`DATABASE_URL_${login.toUpperCase()}`, addresses.DATABASE_URL_PAYMENT]),
  );
  const api = (urls?: string) => readApiConfig({ ...addresses, ...databases, WORKER_METRICS_URLS: urls });
  expect(api().workerMetricsUrls).toEqual({});
  expect(api('order=http://o:9464/metrics,payment=http://p/metrics?a=b').workerMetricsUrls).toEqual({
    order: 'http://o:9464/metrics',
    payment: 'http://p/metrics?a=b',
  });
  expect(problemsOf(() => api('order:9464'))).toEqual([
    expect.stringMatching(/^WORKER_METRICS_URLS: expected/),
  ]);
});
