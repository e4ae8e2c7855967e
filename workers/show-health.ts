import type { Client } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import { checkDatabase } from '../core/postgres/check-database.js';
import type { Pool } from '../core/postgres/pool.js';
import { keepHealthFile } from '../platform/health-file.js';
import type { Logger } from '../platform/logger.js';
import type { Service } from '../schemas/services.js';
import { findPoller } from './find-poller.js';

/** A worker, and what it stands on, while it runs. */
export interface Observed {
  readonly worker: Worker;
  readonly client: Client;
  readonly pool: Pool;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Whether the workers of a process can work: a check for each service whose worker runs, none for one that does not. */
export type HealthChecks = Map<Service, () => Promise<boolean>>;

/**
 * Keeps the file young while the workers of all these services can work. A file that cannot be written leaves them
 * working and unhealthy.
 */
export async function showHealth(
  file: string | undefined,
  services: readonly Service[],
  checks: HealthChecks,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  if (file === undefined) return;
  const canAllWork = async () => {
    const found = await Promise.all(
      services.map(async (service) => (await checks.get(service)?.()) ?? false),
    );
    return found.every((canWork) => canWork);
  };
  const tell = (isHealthy: boolean) =>
    isHealthy ? log.info('worker is healthy') : log.warn('worker is not healthy');
  await keepHealthFile(file, canAllWork, signal, tell).catch((error: unknown) =>
    log.error({ err: error }, 'HEALTH_FILE: cannot be written'),
  );
}

/** Whether the worker's database answers, and Temporal answers and knows it as one that polls. */
export const canWork = ({ worker, client, pool }: Observed): Promise<boolean> =>
  Promise.all([isPolling(worker, client), checkDatabase(pool)]).then(
    ([polls]) => polls,
    () => false,
  );

async function isPolling(worker: Worker, client: Client): Promise<boolean> {
  return worker.getState() === 'RUNNING' && (await findPoller(worker, client)) !== undefined;
}
