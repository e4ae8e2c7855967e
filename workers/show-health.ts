import type { Client } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import { checkDatabase } from '../core/postgres/check-database.js';
import type { Pool } from '../core/postgres/pool.js';
import { keepHealthFile } from '../platform/health-file.js';
import type { Logger } from '../platform/logger.js';
import { findPoller } from './find-poller.js';

/** A worker, and what it stands on, while it runs. */
export interface Observed {
  readonly worker: Worker;
  readonly client: Client;
  readonly pool: Pool;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Keeps the file young while the worker can work: its database answers, and Temporal answers and knows it as one
 * that polls. A file that cannot be written leaves the worker working and unhealthy.
 */
export async function showHealth(
  file: string | undefined,
  { worker, client, pool, log, signal }: Observed,
): Promise<void> {
  if (file === undefined) return;
  const canWork = () =>
    Promise.all([isPolling(worker, client), checkDatabase(pool)]).then(
      ([polls]) => polls,
      () => false,
    );
  const tell = (isHealthy: boolean) =>
    isHealthy ? log.info('worker is healthy') : log.warn('worker is not healthy');
  await keepHealthFile(file, canWork, signal, tell).catch((error: unknown) =>
    log.error({ err: error }, 'HEALTH_FILE: cannot be written'),
  );
}

async function isPolling(worker: Worker, client: Client): Promise<boolean> {
  return worker.getState() === 'RUNNING' && (await findPoller(worker, client)) !== undefined;
}
