import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { SendMail } from '../../activities/mail.js';
import { orderStore } from '../../db/order/orders.js';
import { placeOrder } from '../../db/order/place-order.js';
import { choreography } from '../../schemas/catalogue.js';
import type { SagaEvent } from '../../schemas/event.js';
import type { OrderId } from '../../schemas/ids.js';
import { participantOf } from '../../core/activity/delivery.js';
import { services, type Service } from '../../schemas/services.js';
import { taskQueueOf, workflowIdOf, workflowTypeOf } from '../../core/choreography.js';
import { dataConverter } from '../../core/worker.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { keepHistoriesOf, keepHistory } from '../support/kept-histories.js';
import { productActivities, type Settings } from '../support/product-activities.js';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { placementOf, standard } from '../support/saga-world.js';
import { createTestNamespace } from '../support/temporal.js';

/** The four participants on Temporal and PostgreSQL, deaf to each other: what they publish reaches nobody. */
export interface DeafParticipants {
  readonly db: TestDatabase;
  readonly client: Client;
  place(orderId: OrderId): Promise<void>;
  signal(service: Service, orderId: OrderId, event: SagaEvent): Promise<void>;
  /** Resolves when no run of the participant is open. */
  closed(service: Service, orderId: OrderId): Promise<void>;
  /** Deletes the closed workflow from Temporal, as retention does in the end. */
  forget(service: Service, orderId: OrderId): Promise<void>;
  close(): Promise<void>;
}

/**
 * By then Temporal's queues have passed the close of a workflow. A deletion that comes sooner is put off, by 3 s and
 * then longer each time, and while it waits it holds up every deletion behind it.
 */
const PASSED_MS = 1_000;

/** The mail server refuses everything, so that Notification stays where a cancellation finds it. */
const refuse: SendMail = () => Promise.reject(Object.assign(new Error('450 later'), { responseCode: 450 }));

export interface DeafOptions {
  readonly settings?: Settings;
  readonly sendMail?: SendMail;
  /** Whether workflows run in threads, as they do in the product. */
  readonly inThreads?: boolean;
}

export async function startDeafParticipants({
  settings = standard,
  sendMail = refuse,
  inThreads = false,
}: DeafOptions = {}): Promise<DeafParticipants> {
  installQuietRuntime();
  const [db, temporal] = await Promise.all([createTestDatabase(), createTestNamespace()]);
  const { address, namespace, client } = temporal;
  await seedShop(db.owner);
  const connection = await NativeConnection.connect({ address });
  const deliver = () => Promise.resolve();
  const activities = productActivities({ pools: db.pools, deliver, sendMail, settings });
  const workflowBundle = { code: readFileSync(process.env['TEST_WORKFLOW_BUNDLE'] ?? '', 'utf8') };
  const workers = await Promise.all(
    services.map((service) =>
      Worker.create({
        connection,
        namespace,
        taskQueue: taskQueueOf(service),
        workflowBundle,
        activities: activities[service],
        dataConverter,
        maxCachedWorkflows: 50,
        debugMode: !inThreads,
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());
  const handle = (service: Service, orderId: OrderId) =>
    client.workflow.getHandle(workflowIdOf(service, orderId));
  return {
    db,
    client,
    place: async (orderId) => {
      await placeOrder(orderStore(db.pools.order), orderId, placementOf('alice', 'mouse'), settings.waits);
      await client.workflow.start(workflowTypeOf('order'), {
        ...participantOf(choreography, 'order', orderId),
        args: [orderId],
      });
    },
    signal: async (service, orderId, { type, payload }) => {
      const signal = { signal: type, signalArgs: [payload], args: [orderId] };
      await client.workflow.signalWithStart(workflowTypeOf(service), {
        ...participantOf(choreography, service, orderId),
        ...signal,
      });
    },
    closed: async (service, orderId) => {
      await handle(service, orderId).result();
    },
    forget: async (service, orderId) => {
      await keepHistory(handle(service, orderId));
      await sleep(PASSED_MS);
      const { workflowId } = participantOf(choreography, service, orderId);
      await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
      await until(() => isForgotten(handle(service, orderId)), 100_000);
    },
    close: async () => {
      await keepHistoriesOf(client);
      workers.forEach((worker) => worker.shutdown());
      await Promise.all(running);
      await connection.close();
      await Promise.all([temporal.close(), db.close()]);
    },
  };
}

async function isForgotten(handle: { describe(): Promise<unknown> }): Promise<boolean> {
  try {
    await handle.describe();
    return false;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  }
}

/** Waits for a condition, for at most `timeoutMs`. */
export async function until(condition: () => Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${condition.toString()}`);
    await sleep(20);
  }
}
