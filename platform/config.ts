import ms from 'ms';
import { z } from 'zod';

/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that is missing or wrong; its message names each and says what was expected. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

export type TemporalConfig = z.infer<typeof temporalConfig>;
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

const temporalConfig = z.object({
  TEMPORAL_ADDRESS: z.string('expected host:port').regex(/^[^/\s]+:\d+$/, 'expected host:port'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  TEMPORAL_TLS: z.enum(['true', 'false']).default('false'),
});

const waits = z.object({
  PAYMENT_WAIT: duration.default(5 * 60_000),
  INVENTORY_WAIT: duration.default(3 * 60_000),
  SAGA_DEADLINE: duration.default(10 * 60_000),
  NOTIFICATION_RETRY_INTERVAL: duration.default(60_000),
  NOTIFICATION_MAX_RETRIES: count.default(3),
});

const common = z.object({ LOG_LEVEL: logLevel, WORKFLOW_BUNDLE: z.string().optional() });

/** The variable with a database login. */
export const databaseVariable = (login: string): string => `DATABASE_URL_${login.toUpperCase()}`;

/** What one worker needs; only Notification needs a mail server. Addresses have no defaults here. */
export function readWorkerConfig(service: string, env: Environment) {
  const name = databaseVariable(service);
  const mail = z.object({
    SMTP_URL: service === 'notification' ? smtpUrl : smtpUrl.optional(),
    MAIL_FROM: z.string().default('orders@order-saga.example'),
    METRICS_ADDRESS: ipAddressAndPort.optional(),
  });
  const schema = temporalConfig.extend(waits.shape).extend(common.shape).extend(mail.shape);
  const own = z.object({ [name]: postgresUrl });
  const parsed = parse(env, own.extend(schema.shape)) as z.infer<typeof schema> & Record<string, string>;
  return Object.freeze({
    service,
    databaseUrl: parsed[name] ?? '',
    temporal: parse(env, temporalConfig),
    waits: { payment: parsed.PAYMENT_WAIT, inventory: parsed.INVENTORY_WAIT, saga: parsed.SAGA_DEADLINE },
    notification: {
      retryIntervalMs: parsed.NOTIFICATION_RETRY_INTERVAL,
      maxRetries: parsed.NOTIFICATION_MAX_RETRIES,
    },
    // Empty only where the service sends no mail.
    mail: { smtpUrl: parsed.SMTP_URL ?? '', from: parsed.MAIL_FROM },
    workflowBundle: parsed.WORKFLOW_BUNDLE,
    metricsAddress: parsed.METRICS_ADDRESS,
    logLevel: parsed.LOG_LEVEL,
  });
}

/** What the API needs: a login for each service's face and for operators, and Temporal. */
export function readApiConfig(logins: readonly string[], env: Environment) {
  const databases = z.object(
    Object.fromEntries(logins.map((login) => [databaseVariable(login), postgresUrl])),
  );
  const own = z.object({
    API_HOST: z.string().min(1).default('127.0.0.1'),
    API_PORT: port.default(3000),
    TEMPORAL_UI_URL: z.url('expected a URL').default('http://127.0.0.1:8233'),
    MAIL_CATCHER_URL: z.url('expected a URL').optional(),
    WORKER_METRICS_URLS: urlsByName.default({}),
  });
  const parsed = parse(
    env,
    databases.extend(temporalConfig.shape).extend(own.shape).extend(common.shape),
  ) as z.infer<typeof own> & z.infer<typeof common> & Record<string, string>;
  return Object.freeze({
    host: parsed.API_HOST,
    port: parsed.API_PORT,
    databaseUrls: Object.fromEntries(logins.map((login) => [login, parsed[databaseVariable(login)] ?? ''])),
    temporal: parse(env, temporalConfig),
    temporalUiUrl: parsed.TEMPORAL_UI_URL,
    mailCatcherUrl: parsed.MAIL_CATCHER_URL,
    workerMetricsUrls: parsed.WORKER_METRICS_URLS,
    logLevel: parsed.LOG_LEVEL,
  });
}

/** Lists every variable that is missing or wrong, not just the first; an empty one counts as missing. */
function parse<Schema extends z.ZodType>(env: Environment, schema: Schema): z.infer<Schema> {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `${name}: ${given[name] === undefined ? 'missing, ' : ''}${message}`;
  });
  throw new ConfigurationError(lines.join('\n'));
}

/** `ms` syntax, or plain milliseconds; undefined for what is neither. */
const toMillis = (text: string): number | undefined => ms(text as ms.StringValue);
