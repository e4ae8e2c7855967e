import { z } from 'zod';
import { parse, readBoth, type Environment } from '../platform/environment.js';
import { readTemporalConfig, temporalVariables } from '../platform/temporal-config.js';
import {
  count,
  databaseVariable,
  databaseVariables,
  duration,
  flag,
  ipAddressAndPort,
  logLevel,
  smtpUrl,
} from '../platform/variables.js';
import { limits } from '../schemas/limits.js';
import type { Service } from '../schemas/services.js';

export type WorkerConfig = Readonly<ReturnType<typeof readWorkerConfig>>;

/** The defaults are the product owner's. */
const waits = {
  INVENTORY_WAIT: duration(limits.wait).default(3 * 60_000),
  NOTIFICATION_RETRY_INTERVAL: duration(limits.wait).default(60_000),
  NOTIFICATION_MAX_RETRIES: count(limits.retries).default(3),
};

/** How often a worker looks for unfinished work, how old that has to be, and when it needs a person (R11). */
const sweep = {
  SWEEP_INTERVAL: duration(limits.wait).default(10_000),
  SWEEP_GRACE: duration(limits.wait).default(30_000),
  STUCK_AFTER: duration(limits.wait).default(5 * 60_000),
};

const mail = z.object({ SMTP_URL: smtpUrl, MAIL_FROM: z.string().default('orders@order-saga.example') });

const workerVariables = temporalVariables
  .extend(waits)
  .extend(sweep)
  .extend({
    WORKFLOW_BUNDLE: z.string().optional(),
    HEALTH_FILE: z.string().optional(),
    METRICS_ADDRESS: ipAddressAndPort.optional(),
    ALLOW_FAULTS: flag.default('false'),
    LOG_LEVEL: logLevel,
  });

/** The variables of one worker; only Notification has a mail server. Addresses have no defaults here. */
export const workerSchema = (service: Service) =>
  databaseVariables([service])
    .extend(workerVariables.shape)
    .extend(service === 'notification' ? mail.shape : {});

/** What one worker needs; throws a ConfigurationError that lists every variable that is missing or wrong. */
export function readWorkerConfig(service: Service, env: Environment) {
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
    waits: { inventory: parsed.INVENTORY_WAIT },
    notification: {
      retryIntervalMs: parsed.NOTIFICATION_RETRY_INTERVAL,
      maxRetries: parsed.NOTIFICATION_MAX_RETRIES,
    },
    sweep: {
      intervalMs: parsed.SWEEP_INTERVAL,
      graceMs: parsed.SWEEP_GRACE,
      stuckAfterMs: parsed.STUCK_AFTER,
    },
    // Empty for the services that send no mail.
    mail: { smtpUrl: parsed.SMTP_URL ?? '', from: parsed.MAIL_FROM ?? '' },
    workflowBundle: parsed.WORKFLOW_BUNDLE,
    faultsAllowed: parsed.ALLOW_FAULTS === 'true',
    healthFile: parsed.HEALTH_FILE,
    metricsAddress: parsed.METRICS_ADDRESS,
    logLevel: parsed.LOG_LEVEL,
  });
}
