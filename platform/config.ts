import ms from 'ms';
import { z } from 'zod';
import { parse, readBoth, type Environment } from './environment.js';
import { readTemporalConfig, temporalVariables } from './temporal-config.js';

export type WorkerConfig = Readonly<ReturnType<typeof readWorkerConfig>>;
export type ApiConfig = Readonly<ReturnType<typeof readApiConfig>>;

const duration = z
  .string()
  .refine((text) => (toMillis(text) ?? 0) > 0, 'expected a duration such as 5m, 30s or 1500ms')
  .transform((text) => toMillis(text) ?? 0);

const port = z.coerce.number('expected a port number').int('expected a port number').min(1).max(65_535);
const count = z.coerce.number('expected a whole number, 0 or more').int().min(0).max(100);
const postgresUrl = z
  .string('expected a URL like postgres://user:password@host:5432/name')
  .regex(/^postgres(ql)?:\/\//, 'expected a URL like postgres://user:password@host:5432/name');
const smtpUrl = z
  .string('expected a URL like smtp://host:25')
  .regex(/^smtps?:\/\//, 'expected a URL like smtp://host:25');
/** An origin as a browser sends it, which has no path. */
const origins = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .refine((all) => all.every(isOrigin), 'expected origins like https://shop.example, separated by commas')
  .default([]);
const rateLimit = z.coerce
  .number('expected a whole number, 0 for no limit')
  .int('expected a whole number, 0 for no limit')
  .min(0, 'expected a whole number, 0 for no limit')
  .default(30_000);
const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info');

const ipAddressAndPort = z
  .string()
  .regex(
    /^(\d{1,3}(\.\d{1,3}){3}|\[[\da-f:]+\]):\d{1,5}$/,
    'expected an IP address and a port, as in 0.0.0.0:9464',
  );
/** `name=url` pairs with commas between them. */
const urlsByName = z
  .string()
  .regex(
    /^\w+=https?:\/\/[^,\s]+(,\w+=https?:\/\/[^,\s]+)*$/,
    'expected order=http://host:port/metrics,payment=http://…',
  )
  .transform((text): Readonly<Record<string, string>> =>
    Object.fromEntries([...text.matchAll(/(\w+)=([^,]+)/g)].map(([, name = '', url = '']) => [name, url])),
  );

const waits = z.object({
  PAYMENT_WAIT: duration.default(5 * 60_000),
  INVENTORY_WAIT: duration.default(3 * 60_000),
  SAGA_DEADLINE: duration.default(10 * 60_000),
  NOTIFICATION_RETRY_INTERVAL: duration.default(60_000),
  NOTIFICATION_MAX_RETRIES: count.default(3),
});

const allowFaults = z.enum(['true', 'false'], 'expected true or false').default('false');

/** The variable with a database login. */
export const databaseVariable = (login: string): string => `DATABASE_URL_${login.toUpperCase()}`;

const databaseVariables = (logins: readonly string[]) =>
  z.object(Object.fromEntries(logins.map((login) => [databaseVariable(login), postgresUrl])));

const mail = z.object({ SMTP_URL: smtpUrl, MAIL_FROM: z.string().default('orders@order-saga.example') });

const workerVariables = temporalVariables.extend(waits.shape).extend({
  WORKFLOW_BUNDLE: z.string().optional(),
  HEALTH_FILE: z.string().optional(),
  METRICS_ADDRESS: ipAddressAndPort.optional(),
  ALLOW_FAULTS: allowFaults,
  LOG_LEVEL: logLevel,
});

/** The variables of one worker; only Notification has a mail server. Addresses have no defaults here. */
export const workerSchema = (service: string) =>
  databaseVariables([service])
    .extend(workerVariables.shape)
    .extend(service === 'notification' ? mail.shape : {});

/** What one worker needs. */
export function readWorkerConfig(service: string, env: Environment) {
  const [given, temporal] = readBoth(
    () => parse(env, workerSchema(service)),
    () => readTemporalConfig(env),
  );
  const parsed = given as z.infer<typeof workerVariables> &
    Partial<z.infer<typeof mail>> &
    Record<string, unknown>;
  return Object.freeze({
    service,
    databaseUrl: String(parsed[databaseVariable(service)]),
    temporal,
    waits: { payment: parsed.PAYMENT_WAIT, inventory: parsed.INVENTORY_WAIT, saga: parsed.SAGA_DEADLINE },
    notification: {
      retryIntervalMs: parsed.NOTIFICATION_RETRY_INTERVAL,
      maxRetries: parsed.NOTIFICATION_MAX_RETRIES,
    },
    // Empty only where the service sends no mail.
    mail: { smtpUrl: parsed.SMTP_URL ?? '', from: parsed.MAIL_FROM ?? '' },
    workflowBundle: parsed.WORKFLOW_BUNDLE,
    faultsAllowed: parsed.ALLOW_FAULTS === 'true',
    healthFile: parsed.HEALTH_FILE,
    metricsAddress: parsed.METRICS_ADDRESS,
    logLevel: parsed.LOG_LEVEL,
  });
}

const apiVariables = temporalVariables.extend({
  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: port.default(3000),
  API_RATE_LIMIT: rateLimit,
  API_CORS_ORIGINS: origins,
  ALLOW_FAULTS: allowFaults,
  TEMPORAL_UI_URL: z.url('expected a URL').default('http://127.0.0.1:8233'),
  MAIL_CATCHER_URL: z.url('expected a URL').optional(),
  WORKER_METRICS_URLS: urlsByName.default({}),
  LOG_LEVEL: logLevel,
});

/** The variables of the API: a login for each service's face and for operators, and Temporal. */
export const apiSchema = (logins: readonly string[]) => databaseVariables(logins).extend(apiVariables.shape);

/** What the API needs. */
export function readApiConfig(logins: readonly string[], env: Environment) {
  const [given, temporal] = readBoth(
    () => parse(env, apiSchema(logins)),
    () => readTemporalConfig(env),
  );
  const parsed = given as z.infer<typeof apiVariables> & Record<string, unknown>;
  return Object.freeze({
    host: parsed.API_HOST,
    port: parsed.API_PORT,
    rateLimit: parsed.API_RATE_LIMIT,
    corsOrigins: parsed.API_CORS_ORIGINS,
    databaseUrls: urlsOf(logins, parsed),
    temporal,
    temporalUiUrl: parsed.TEMPORAL_UI_URL,
    mailCatcherUrl: parsed.MAIL_CATCHER_URL,
    faultsAllowed: parsed.ALLOW_FAULTS === 'true',
    workerMetricsUrls: parsed.WORKER_METRICS_URLS,
    logLevel: parsed.LOG_LEVEL,
  });
}

/** The variables of the migrations: the owner, and every login that they provide. */
export const migrationSchema = (logins: readonly string[]) =>
  databaseVariables(logins).extend({ DATABASE_URL: postgresUrl });

/** What the migrations need. */
export function readMigrationConfig(logins: readonly string[], env: Environment) {
  const parsed = parse(env, migrationSchema(logins)) as { DATABASE_URL: string } & Record<string, unknown>;
  return Object.freeze({ ownerUrl: parsed.DATABASE_URL, databaseUrls: urlsOf(logins, parsed) });
}

const urlsOf = (logins: readonly string[], parsed: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(logins.map((login) => [login, String(parsed[databaseVariable(login)])]));

/** The variables of the mail catcher as a program of its own. */
export const mailCatcherSchema = z.object({
  MAIL_CATCHER_HOST: z.string().min(1).default('127.0.0.1'),
  MAIL_CATCHER_PORT: port.default(8025),
  SMTP_PORT: port.default(1025),
  DATA_DIR: z.string('expected a folder'),
  LOG_LEVEL: logLevel,
});

/** What the mail catcher needs. */
export const readMailCatcherConfig = (env: Environment) => Object.freeze(parse(env, mailCatcherSchema));

/** Where a health check looks: a file that a worker keeps young, or a URL that answers. */
export const healthCheckSchema = z
  .object({ HEALTH_FILE: z.string().optional(), HEALTH_URL: z.url('expected a URL').optional() })
  .refine((given) => Object.keys(given).length === 1, {
    path: ['HEALTH_FILE'],
    error: 'expected this or HEALTH_URL',
  });

/** What a health check needs. */
export const readHealthCheckConfig = (env: Environment) => Object.freeze(parse(env, healthCheckSchema));

/** `ms` syntax, or plain milliseconds; undefined for what is neither. */
const toMillis = (text: string): number | undefined => ms(text as ms.StringValue);

const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
