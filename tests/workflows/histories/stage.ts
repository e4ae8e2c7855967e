import { activityInfo } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import type proto from '@temporalio/proto';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { SendMail } from '../../../activities/mail.js';
import { deliverBySignal, keyword, participantOf } from '../../../core/activity/delivery.js';
import type { Deliver } from '../../../core/activity/outbox.js';
import { taskQueueOf, workflowIdOf, workflowTypeOf } from '../../../core/choreography.js';
import { sweepSignals } from '../../../core/sweep/signals.js';
import { orderStore } from '../../../db/order/orders.js';
import { placeOrder } from '../../../db/order/place-order.js';
import { choreography } from '../../../schemas/catalogue.js';
import type { OrderId } from '../../../schemas/ids.js';
import type { Placement } from '../../../schemas/placement.js';
import {
  ORDER_STATUS_ATTRIBUTE,
  RETRY_NOTIFICATION,
  services,
  type Service,
} from '../../../schemas/services.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../../support/database.js';
import { productActivities, type Settings } from '../../support/product-activities.js';
import { createTestNamespace } from '../../support/temporal.js';
import { presentBundle } from './patched-bundle.js';

/** What a participant has been signalled, or what nobody knows. */
interface Signal {
  readonly type: string;
  readonly payload: unknown;
}

type Activity = (...args: never[]) => Promise<unknown>;

/** One run of a participant. */
export interface Run {
  readonly service: Service;
  readonly runId: string;
}

/** The four real workers on PostgreSQL and Temporal's dev server, where a scene decides who hears what. */
export interface Stage {
  readonly db: TestDatabase;
  /** At first deaf: what participants publish reaches nobody. */
  deliver: Deliver;
  /** At first the mail server refuses everything. */
  sendMail: SendMail;
  /** Called instead of the real activity, by `service.activity`. */
  readonly overrides: Map<string, (real: Activity) => Activity>;
  /** Makes every participant hear what is published. */
  listen(): void;
  place(orderId: OrderId, placement: Placement): Promise<void>;
  signal(service: Service, orderId: OrderId, signal: Signal): Promise<void>;
  /** Makes a participant look at its row. */
  wake(service: Service, orderId: OrderId): Promise<void>;
  retry(orderId: OrderId): Promise<void>;
  /** Resolves when the participant's newest run has closed. */
  closed(service: Service, orderId: OrderId): Promise<void>;
  /** Every run that has had an effect, oldest first. */
  runsOf(orderId: OrderId): readonly Run[];
  historyOf(orderId: OrderId, run: Run): Promise<proto.temporal.api.history.v1.IHistory>;
  /** As it was at first, for the next scene. */
  reset(): void;
  close(): Promise<void>;
}

const deaf: Deliver = () => Promise.resolve();
const refuse: SendMail = () => Promise.reject(Object.assign(new Error('450 later'), { responseCode: 450 }));

/** What histories name instead of a process and its machine. */
const identity = 'a-worker';

export interface StageOptions {
  readonly settings: Settings;
  /** The bundled workflows; by default the present ones. */
  readonly code?: string;
}

export async function openStage({ settings, code = presentBundle() }: StageOptions): Promise<Stage> {
  const [db, temporal] = await Promise.all([createTestDatabase(), createTestNamespace()]);
  const { address, namespace } = temporal;
  await seedShop(db.owner);
  const client = new Client({ connection: temporal.client.connection, namespace, identity });
  const connection = await NativeConnection.connect({ address });
  const runs: StartedRun[] = [];
  const handle = (service: Service, orderId: OrderId, runId?: string) =>
    client.workflow.getHandle(workflowIdOf(service, orderId), runId);

  const stage: Stage = {
    db,
    deliver: deaf,
    sendMail: refuse,
    overrides: new Map(),
    listen: () => void (stage.deliver = deliverBySignal(choreography, client)),
    place: async (orderId, placement) => {
      await placeOrder(orderStore(db.pools.order), orderId, placement, settings.waits);
      const { typedSearchAttributes, ...options } = participantOf(choreography, 'order', orderId);
      await client.workflow.start(workflowTypeOf('order'), {
        ...options,
        typedSearchAttributes: [...typedSearchAttributes, keyword(ORDER_STATUS_ATTRIBUTE, 'PENDING_PAYMENT')],
        args: [orderId],
      });
    },
    signal: async (service, orderId, { type, payload }) => {
      await client.workflow.signalWithStart(workflowTypeOf(service), {
        ...participantOf(choreography, service, orderId),
        args: [orderId],
        signal: type,
        signalArgs: [payload],
      });
    },
    wake: (service, orderId) => sweepSignals(choreography, client).wake(service, orderId),
    retry: (orderId) =>
      handle('notification', orderId).executeUpdate(RETRY_NOTIFICATION, { args: [{ operator: 'Kim' }] }),
    closed: async (service, orderId) => void (await handle(service, orderId).result()),
    runsOf: (orderId) => runs.filter(({ workflowId }) => workflowId.endsWith(orderId)),
    historyOf: (orderId, { service, runId }) => handle(service, orderId, runId).fetchHistory(),
    reset: () => {
      stage.deliver = deaf;
      stage.sendMail = refuse;
      stage.overrides.clear();
    },
    close: async () => {
      workers.forEach((worker) => worker.shutdown());
      await Promise.all(running);
      await connection.close();
      await Promise.all([temporal.close(), db.close()]);
    },
  };

  const workers = await Promise.all(
    services.map((service) =>
      Worker.create({
        connection,
        namespace,
        identity,
        taskQueue: taskQueueOf(service),
        workflowBundle: { code },
        activities: directedActivities(stage, service, settings, runs),
        maxCachedWorkflows: 50,
        debugMode: true,
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());
  return stage;
}

type StartedRun = Run & { readonly workflowId: string };

/** The product's activities. Each notes the run that it works for, and lets the scene come between. */
function directedActivities(stage: Stage, service: Service, settings: Settings, runs: StartedRun[]): object {
  const activities = productActivities({
    pools: stage.db.pools,
    deliver: (subscriber, event) => stage.deliver(subscriber, event),
    sendMail: (mail) => stage.sendMail(mail),
    settings,
  });
  const directed =
    (name: string, real: Activity): Activity =>
    (...args) => {
      const { workflowId, runId } = activityInfo().workflowExecution ?? {};
      if (workflowId !== undefined && runId !== undefined && !runs.some((run) => run.runId === runId))
        runs.push({ service, workflowId, runId });
      return (stage.overrides.get(`${service}.${name}`)?.(real) ?? real)(...args);
    };
  return Object.fromEntries(
    Object.entries(activities[service]).map(([name, real]) => [name, directed(name, real as Activity)]),
  );
}
