import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { deliverBySignal } from '../core/activity/delivery.js';
import type { Deliver } from '../core/activity/outbox.js';
import { checkDatabase } from '../core/postgres/check-database.js';
import { createPool, type Pool } from '../core/postgres/pool.js';
import { bundleWorkflows, dataConverter } from '../core/worker.js';
import { changesOfState } from '../platform/changes-of-state.js';
import type { WorkerConfig } from './config.js';
import type { Logger } from '../platform/logger.js';
import { checkSearchAttributes } from '../platform/search-attributes.js';
import { ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE, type Service } from '../schemas/services.js';
import { taskQueueOf } from '../core/choreography.js';
import { choreography } from '../schemas/catalogue.js';
import { openFaults, type OpenFaults } from './faults/faults.js';
import { withFaults } from './faults/with-faults.js';
import { createActivities } from './services.js';
import { compareClocks } from './compare-clocks.js';
import { canWork, type HealthChecks } from './show-health.js';
import { sweepBeside } from './sweep.js';

const sourceFile = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** `.ts` where the sources run, `.js` where they were compiled. */
const extension = path.extname(import.meta.url);

export const workflowsPath = sourceFile(`workflows/index${extension}`);
/** Made by `npm run build` beside the compiled workflows; the sources have none. */
export const builtBundlePath = sourceFile('workflows/bundle.js');

/** Puts something around the port through which events leave the service. */
export type WrapDelivery = (
  deliver: Deliver,
  around: { readonly pool: Pool; readonly log: Logger },
) => Deliver;

/** What the workers of one process have in common. */
export interface WorkerHost {
  readonly wrapDelivery: WrapDelivery;
  /** Where a worker says how to find out whether it can work. */
  readonly checks: HealthChecks;
}

/**
 * Runs one service's worker until `signal` aborts, and then lets the tasks in hand finish. While Temporal or
 * the database is away it keeps trying, and says so once.
 */
export async function runWorker(
  service: Service,
  config: WorkerConfig,
  log: Logger,
  signal: AbortSignal,
  host: WorkerHost,
): Promise<void> {
  const pool = createPool({
    url: config.databaseUrl,
    applicationName: `${service} worker`,
    onError: (error) => log.debug({ err: error }, 'an idle database connection broke'),
  });
  const faults = openFaults(config, log);
  const watch = (until: AbortSignal) => watchDatabase(pool, log, until);
  try {
    await beside(watch, signal, async () => {
      const connection = await connect(config, log, signal);
      if (!connection) return;
      const serving = serve(service, config, { ...host, pool, faults, connection, log, signal });
      await serving.finally(() => connection.close());
    });
  } finally {
    await Promise.all([pool.end(), faults?.close()]);
  }
}

/** Does `work`; `other` goes on beside it until the work has ended, or failed, or `signal` aborts. */
async function beside(
  other: (until: AbortSignal) => Promise<void>,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  const others = other(AbortSignal.any([signal, over.signal]));
  try {
    await work();
  } finally {
    over.abort();
    await others;
  }
}

interface Serving extends WorkerHost {
  readonly pool: Pool;
  readonly faults: OpenFaults | undefined;
  readonly connection: NativeConnection;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

async function serve(
  service: Service,
  config: WorkerConfig,
  { pool, faults, connection, log, signal, wrapDelivery, checks }: Serving,
) {
  const namespace = config.temporal.namespace;
  const client = new Client({ connection, namespace });
  await checkSearchAttributes(client, namespace, [ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE]);
  const parts = { pool, config, deliver: wrapDelivery(deliverBySignal(choreography, client), { pool, log }) };
  const activitiesOf = await createActivities(service);
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: taskQueueOf(service),
    activities: activitiesOf(faults ? withFaults(service, parts, faults, log) : parts),
    shutdownGraceTime: '8s',
    maxConcurrentLocalActivityExecutions: 20,
    workflowBundle: await workflowCode(config),
    dataConverter,
  });
  log.info({ taskQueue: taskQueueOf(service) }, 'worker is ready');
  const others = async (until: AbortSignal) => {
    const observed = { worker, client, pool, log, signal: until };
    checks.set(service, () => canWork(observed));
    await Promise.all([compareClocks(observed), sweepBeside(service, config, { client, pool, log }, until)]);
  };
  await beside(others, signal, () => runUntil(signal, worker));
  log.info('worker has stopped');
}

async function runUntil(signal: AbortSignal, worker: Worker): Promise<void> {
  const running = worker.run();
  const stop = () => worker.shutdown();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    await running;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function workflowCode({ workflowBundle }: WorkerConfig): Promise<{ code: string }> {
  const bundle = workflowBundle ?? (existsSync(builtBundlePath) ? builtBundlePath : undefined);
  if (bundle !== undefined) return { code: await readFile(bundle, 'utf8') };
  return bundleWorkflows(workflowsPath);
}

/** Undefined when the worker is told to stop before there was a connection. */
async function connect(
  config: WorkerConfig,
  log: Logger,
  signal: AbortSignal,
): Promise<NativeConnection | undefined> {
  const say = changesOfState(log, 'Temporal');
  while (!signal.aborted) {
    try {
      const connection = await NativeConnection.connect(config.temporal.connection);
      say(undefined);
      return connection;
    } catch (error) {
      say(error);
      await sleep(1_000, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

/** Only tells; the activities themselves retry. */
async function watchDatabase(pool: Pool, log: Logger, signal: AbortSignal): Promise<void> {
  const say = changesOfState(log, 'the database');
  while (!signal.aborted) {
    say(
      await checkDatabase(pool).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    await sleep(2_000, undefined, { signal }).catch(() => undefined);
  }
}
