import { createLogger, type Logger } from '../platform/logger.js';
import type { WorkerConfig } from './config.js';
import { showHealth, type HealthChecks } from './show-health.js';
import { runWorker, type WrapDelivery } from './worker.js';

/**
 * Runs the workers of these services in one process until `signal` aborts. Each has a task queue, a login and connections
 * of its own, as in a process of its own; where one fails, the others stop too.
 */
export async function runWorkers(
  configs: readonly WorkerConfig[],
  log: Logger,
  signal: AbortSignal,
  wrapDelivery: WrapDelivery = (deliver) => deliver,
): Promise<void> {
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const checks: HealthChecks = new Map();
  const run = (config: WorkerConfig) => {
    const own = createLogger(config.service, config.logLevel);
    return runWorker(config.service, config, own, until, { wrapDelivery, checks });
  };
  const ended = configs.map((config) => run(config).finally(() => over.abort()));
  const services = configs.map(({ service }) => service);
  await Promise.allSettled([...ended, showHealth(configs[0]?.healthFile, services, checks, log, until)]);
  await Promise.all(ended);
}
