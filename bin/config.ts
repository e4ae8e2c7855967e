import { z } from 'zod';
import { parse, readBoth, type Environment } from '../platform/environment.js';
import { readTemporalConfig, temporalVariables } from '../platform/temporal-config.js';
import {
  databaseUrlsIn,
  databaseVariables,
  duration,
  durationOrOff,
  flag,
  hostNames,
  logLevel,
  origins,
  port,
  postgresUrl,
  urlsByName,
} from '../platform/variables.js';
import { limits } from '../schemas/limits.js';
import { logins } from '../schemas/services.js';

export type ApiConfig = Readonly<ReturnType<typeof readApiConfig>>;

const rateLimit = z.coerce
  .number('expected a whole number, 0 for no limit')
  .int('expected a whole number, 0 for no limit')
  .min(0, 'expected a whole number, 0 for no limit')
  .default(30_000);

/** Order's waits begin with the placement. The defaults are the product owner's. */
const orderWaits = {
  PAYMENT_WAIT: duration(limits.wait).default(5 * 60_000),
  SAGA_DEADLINE: duration(limits.wait).default(10 * 60_000),
};

/** How long the records of an order that is at rest are kept. */
const retention = { RETAIN_ORDERS: durationOrOff(limits.retention).default(90 * 86_400_000) };

const apiVariables = temporalVariables
  .extend(orderWaits)
  .extend(retention)
  .extend({
    API_HOST: z.string().min(1).default('127.0.0.1'),
    API_PORT: port.default(3000),
    API_RATE_LIMIT: rateLimit,
    API_CORS_ORIGINS: origins,
    API_ALLOWED_HOSTS: hostNames,
    ALLOW_FAULTS: flag.default('false'),
    TEMPORAL_UI_URL: z.url('expected a URL').default('http://127.0.0.1:8233'),
    MAIL_CATCHER_URL: z.url('expected a URL').optional(),
    WORKER_METRICS_URLS: urlsByName('order=http://host:port/metrics,payment=http://…').default({}),
    LOG_LEVEL: logLevel,
  });

/** The variables of the API: Temporal, and every database login. */
export const apiSchema = databaseVariables(logins).extend(apiVariables.shape);

/** What the API needs. */
export function readApiConfig(env: Environment) {
  const [given, temporal] = readBoth(
    () => parse(env, apiSchema),
    () => readTemporalConfig(env),
  );
  const parsed = given as z.infer<typeof apiVariables> & Record<string, unknown>;
  return Object.freeze({
    host: parsed.API_HOST,
    port: parsed.API_PORT,
    rateLimit: parsed.API_RATE_LIMIT,
    corsOrigins: parsed.API_CORS_ORIGINS,
    allowedHosts: [parsed.API_HOST.toLowerCase(), ...parsed.API_ALLOWED_HOSTS],
    databaseUrls: databaseUrlsIn(logins, parsed),
    temporal,
    temporalUiUrl: parsed.TEMPORAL_UI_URL,
    mailCatcherUrl: parsed.MAIL_CATCHER_URL,
    orderWaits: { payment: parsed.PAYMENT_WAIT, saga: parsed.SAGA_DEADLINE },
    retainOrdersMs: parsed.RETAIN_ORDERS,
    faultsAllowed: parsed.ALLOW_FAULTS === 'true',
    workerMetricsUrls: parsed.WORKER_METRICS_URLS,
    logLevel: parsed.LOG_LEVEL,
  });
}

/** Waits that are allowed but leave no time for others, one line each; in ms. */
export function contradictionsOf({ payment, inventory = 0, saga }: Waits): readonly string[] {
  if (payment + inventory <= saga) return [];
  const waits = inventory === 0 ? 'PAYMENT_WAIT' : 'PAYMENT_WAIT and INVENTORY_WAIT together';
  const [wait, deadline] = [(payment + inventory) / 1_000, saga / 1_000];
  return [`${waits}: ${wait} s, more than SAGA_DEADLINE (${deadline} s), which cancels the order before`];
}

interface Waits {
  readonly payment: number;
  /** Where it is known: it is Payment's own. */
  readonly inventory?: number;
  readonly saga: number;
}

/** The variables of the migrations: the owner, and every login, which they create. */
export const migrationSchema = databaseVariables(logins).extend({ DATABASE_URL: postgresUrl });

/** What the migrations need. */
export function readMigrationConfig(env: Environment) {
  const parsed = parse(env, migrationSchema) as { DATABASE_URL: string } & Record<string, unknown>;
  return Object.freeze({ ownerUrl: parsed.DATABASE_URL, databaseUrls: databaseUrlsIn(logins, parsed) });
}

/** The variables of the command that forgets orders. */
export const forgettingSchema = databaseVariables(['operator']).extend(retention);

/** What the command that forgets orders needs; null for how long where nothing is to be forgotten. */
export function readForgettingConfig(env: Environment) {
  const parsed = parse(env, forgettingSchema) as z.infer<z.ZodObject<typeof retention>> &
    Record<string, unknown>;
  return Object.freeze({
    databaseUrl: databaseUrlsIn(['operator'], parsed).operator,
    retainOrdersMs: parsed.RETAIN_ORDERS,
  });
}

/** Every mail names its order in this header; the mail catcher lists by it: `?orderId=…`. */
export const mailTag = { header: 'x-order-id', parameter: 'orderId' } as const;

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

/** Where a health check looks: a file that a worker keeps touching, or a URL that responds. */
export const healthCheckSchema = z
  .object({ HEALTH_FILE: z.string().optional(), HEALTH_URL: z.url('expected a URL').optional() })
  .refine((given) => Object.keys(given).length === 1, {
    path: ['HEALTH_FILE'],
    error: 'expected this or HEALTH_URL',
  });

/** What a health check needs. */
export const readHealthCheckConfig = (env: Environment) => Object.freeze(parse(env, healthCheckSchema));
