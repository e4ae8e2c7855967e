import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import {
  bundleWorkflowCode,
  Worker,
  type Logger,
  type NativeConnection,
  type WorkflowBundle,
} from '@temporalio/worker';
import { deliverBySignal } from './activity/delivery.js';
import type { PublishActivity } from './activity/effect.js';
import { createPublish, type Deliver } from './activity/outbox.js';
import { MAX_PAYLOADS } from './bounds.js';
import { taskQueueOf, type Choreography } from './choreography.js';
import { outboxOf } from './postgres/journal.js';
import type { Pool } from './postgres/pool.js';

/** The activities of a service: its effects, and the one that publishes what they emit. */
export const activitiesOf = <Effects extends object>(
  choreography: Choreography,
  effects: Effects,
  { pool, deliver }: { readonly pool: Pool; readonly deliver: Deliver },
): Effects & { readonly publish: PublishActivity } => ({
  ...effects,
  publish: createPublish(choreography, outboxOf(pool), deliver),
});

/**
 * Bundles the workflows of a choreography, with what keeps anybody's payloads and signal names from failing a workflow
 * task. Activities and clients keep the default payload converter, since they only read what our own code wrote.
 */
export const bundleWorkflows = (workflowsPath: string, logger?: Logger): Promise<WorkflowBundle> =>
  bundleWorkflowCode({
    workflowsPath,
    payloadConverterPath: workflowModule('payload-converter'),
    workflowInterceptorModules: [workflowModule('interceptors')],
    ...(logger && { logger }),
  });

/**
 * For every worker. The SDK copies each payload of a call to its workflow thread, and with a million of them that would
 * take longer than a workflow task may.
 */
export const dataConverter = {
  payloadCodecs: [
    {
      encode: (payloads) => Promise.resolve(payloads),
      decode: (payloads) => Promise.resolve(payloads.slice(0, MAX_PAYLOADS)),
    },
  ],
} satisfies DataConverter;

/** `.ts` where the sources run, `.js` where they were compiled. */
const extension = path.extname(import.meta.url);
const workflowModule = (name: string): string =>
  fileURLToPath(new URL(`./workflow/${name}${extension}`, import.meta.url));

/** What a worker stands on. */
export interface WorkerParts {
  /** Logs in as the service's role. */
  readonly pool: Pool;
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly workflowBundle: WorkflowBundle;
}

/** Makes the Temporal worker of one service; `run()` starts it. */
export function createWorker(
  choreography: Choreography,
  service: string,
  effects: object,
  { pool, connection, namespace, workflowBundle }: WorkerParts,
): Promise<Worker> {
  const deliver = deliverBySignal(choreography, new Client({ connection, namespace }));
  return Worker.create({
    connection,
    namespace,
    taskQueue: taskQueueOf(service),
    activities: activitiesOf(choreography, effects, { pool, deliver }),
    workflowBundle,
    dataConverter,
    shutdownGraceTime: '8s',
  });
}
