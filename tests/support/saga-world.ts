import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { defineSearchAttributeKey, SearchAttributeType, type PayloadCodec } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import proto from '@temporalio/proto';
import { deliverBySignal, participantOf } from '../../core/activity/delivery.js';
import type { Mail, SendMail } from '../../activities/mail.js';
import type { Deliver } from '../../core/activity/outbox.js';
import type { CorrelationId } from '../../core/event.js';
import type { Currency, CustomerId, MinorUnits, OrderId, Sku } from '../../schemas/ids.js';
import type { Placement } from '../../schemas/placement.js';
import { choreography } from '../../schemas/catalogue.js';
import {
  ORDER_ID_ATTRIBUTE,
  ORDER_STATUS_ATTRIBUTE,
  services,
  type Service,
} from '../../schemas/services.js';
import { taskQueueOf, workflowIdOf, workflowTypeOf } from '../../core/choreography.js';
import { dataConverter } from '../../core/worker.js';
import { activityInfo } from '@temporalio/activity';
import { keepHistory } from './kept-histories.js';
import { createTestDatabase, seedShop, type TestDatabase } from './database.js';
import { placeAt } from './place.js';
import { productActivities, type Settings } from './product-activities.js';
import { installQuietRuntime } from './quiet-runtime.js';

export interface OrderSummary {
  readonly status: string;
  readonly reason: string | null;
  readonly states: readonly string[];
  readonly attention: readonly string[];
  readonly told: boolean;
  readonly refunded: boolean;
}

export interface World {
  readonly db: TestDatabase;
  readonly env: TestWorkflowEnvironment;
  /** Wraps every delivery; a test may drop, repeat or hold back. */
  deliver: (next: Deliver) => Deliver;
  /** What the mail server does; a test may refuse. */
  sendMail: SendMail;
  readonly mails: Mail[];
  /** Activity overrides by `service.activity`, called instead of the real one. */
  readonly overrides: Map<
    string,
    (real: (...args: never[]) => Promise<unknown>) => (...args: never[]) => Promise<unknown>
  >;
  place(placement?: Partial<Placement>): Promise<OrderId>;
  /** Waits for a participant to close; time skips meanwhile. */
  finished(service: Service, orderId: OrderId): Promise<void>;
  handle(service: Service, orderId: OrderId): WorkflowHandle;
  /** The order's row with its states and open attentions, as people would see them. */
  order(orderId: OrderId): Promise<OrderSummary>;
  history(
    service: Service,
    orderId: OrderId,
    runId?: string,
  ): Promise<proto.temporal.api.history.v1.IHistory>;
  close(): Promise<void>;
}

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

/** Standard durations of the product owner's text, in ms. */
export const standard: Settings = {
  waits: { payment: 300_000, inventory: 180_000, saga: 600_000 },
  notification: { maxRetries: 3, retryIntervalMs: 60_000 },
};

const KEYWORD = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

const krw = (amount: number) => ({ amount: amount as MinorUnits, currency: 'KRW' as Currency });

/** An order of one product at the demo data's price. */
export function placementOf(
  customer: string,
  sku: 'mouse' | 'keyboard' | 'figurine',
  quantity = 1,
): Placement {
  const price = { mouse: 25_000, keyboard: 120_000, figurine: 80_000 }[sku];
  return {
    customerId: customer as CustomerId,
    items: [{ sku: sku as Sku, quantity, unitPrice: krw(price) }],
    total: krw(price * quantity),
    correlationId: randomUUID() as CorrelationId,
    requestDigest: null,
  };
}

/** Several pieces of several products: neither a price nor a quantity is the total. */
export const severalPieces: Pick<Placement, 'items' | 'total'> = {
  items: [...placementOf('alice', 'mouse', 3).items, ...placementOf('alice', 'keyboard', 2).items],
  total: krw(3 * 25_000 + 2 * 120_000),
};

export interface WorldOptions {
  readonly maxCachedWorkflows?: number;
  /** What the workers are built from; with several, as many workers share each task queue. */
  readonly builds?: readonly (typeof productActivities)[];
  readonly payloadCodecs?: PayloadCodec[];
}

/**
 * The four real workers on the time-skipping server and a fresh database; only the mail server is a fake port. Workflows
 * run in this thread (`debugMode`), since four threads of their own take seconds to start; with several builds they do not,
 * since there many orders run at once.
 */
export async function createWorld(
  settings = standard,
  { maxCachedWorkflows = 50, builds = [productActivities], payloadCodecs = [] }: WorldOptions = {},
): Promise<World> {
  installQuietRuntime();
  const db = await createTestDatabase();
  await seedShop(db.owner);
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: process.env['TEST_SERVER_PATH'] ?? '' } },
  });
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: { [ORDER_ID_ATTRIBUTE]: KEYWORD, [ORDER_STATUS_ATTRIBUTE]: KEYWORD },
  });
  const mails: Mail[] = [];
  const world = {
    db,
    env,
    mails,
    overrides: new Map() as World['overrides'],
    deliver: (next: Deliver) => next,
    sendMail: (mail: Mail) => {
      mails.push(mail);
      return Promise.resolve();
    },
  } satisfies Partial<World>;
  const deliver: Deliver = (subscriber, event) =>
    world.deliver(deliverBySignal(choreography, env.client))(subscriber, event);
  const sendMail: SendMail = (mail) => world.sendMail(mail);
  const runs: Runs = new Map();
  const code = readFileSync(process.env['TEST_WORKFLOW_BUNDLE'] ?? '', 'utf8');
  // Two workers of one task queue cannot share a connection.
  const connections = await Promise.all(builds.map(() => NativeConnection.connect({ address: env.address })));
  const workers = await Promise.all(
    builds.flatMap((build, index) => {
      const activities = build({ pools: db.pools, deliver, sendMail, settings });
      return services.map((service) =>
        Worker.create({
          connection: connections[index] ?? env.nativeConnection,
          taskQueue: taskQueueOf(service),
          workflowBundle: { code },
          activities: overridable(service, activities[service], world.overrides, runs),
          maxCachedWorkflows,
          debugMode: builds.length === 1,
          dataConverter: { payloadCodecs: [...dataConverter.payloadCodecs, ...payloadCodecs] },
          // One mail at a time each, so that several builds all get something to do.
          ...(builds.length > 1 && { maxConcurrentActivityTaskExecutions: 1 }),
        }),
      );
    }),
  );
  const running = workers.map((worker) => worker.run());
  const handle = (service: Service, orderId: OrderId, runId?: string) =>
    env.client.workflow.getHandle(workflowIdOf(service, orderId), runId);
  return Object.assign(world, {
    place: async (placement: Partial<Placement> = {}) => {
      const orderId = randomUUID() as OrderId;
      // The clock runs ahead as soon as somebody waits for a result, so it is read last.
      const placed = { ...placementOf('alice', 'mouse'), ...placement };
      const time = { now: await env.currentTimeMs(), waits: settings.waits };
      await placeAt(db.pools.order, orderId, placed, time);
      await env.client.workflow.start(workflowTypeOf('order'), {
        ...participantOf(choreography, 'order', orderId),
        args: [orderId],
        typedSearchAttributes: [
          { key: keyword(ORDER_ID_ATTRIBUTE), value: orderId },
          { key: keyword(ORDER_STATUS_ATTRIBUTE), value: 'PENDING_PAYMENT' },
        ],
      });
      return orderId;
    },
    handle,
    order: (orderId: OrderId) => summarize(db, orderId),
    finished: async (service: Service, orderId: OrderId) => {
      await untilStarted(() => handle(service, orderId).describe());
      await handle(service, orderId).result();
    },
    history: async (service: Service, orderId: OrderId, runId?: string) =>
      handle(service, orderId, runId).fetchHistory(),
    close: async () => {
      for (const [runId, workflowId] of runs)
        await keepHistory(env.client.workflow.getHandle(workflowId, runId));
      workers.forEach((worker) => worker.shutdown());
      await Promise.all(running);
      await Promise.all(connections.map((connection) => connection.close()));
      await env.teardown();
      await db.close();
    },
  });
}

/** A participant is started by its first event, which may still be on its way; time does not skip meanwhile. */
async function untilStarted(describe: () => Promise<unknown>): Promise<void> {
  for (let triesLeft = 2_000; ; triesLeft--) {
    try {
      await describe();
      return;
    } catch (error) {
      if (triesLeft === 0) throw error;
      await setTimeout(50);
    }
  }
}

async function summarize(db: TestDatabase, orderId: OrderId): Promise<OrderSummary> {
  const { rows } = await db.owner.query<OrderSummary>(
    `select status, reason, told_at is not null as told, refunded_at is not null as refunded,
       array(select status from orders.status_history h where h.order_id = o.order_id order by position) as states,
       array(select code from orders.attention a where a.order_id = o.order_id and cleared_at is null) as attention
     from orders.orders o where order_id = $1`,
    [orderId],
  );
  const [row] = rows;
  if (!row) throw new Error(`no order ${orderId}`);
  return row;
}

/** The workflow id of every run that has had an effect, by run id. */
type Runs = Map<string, string>;

function overridable(
  service: Service,
  activities: object,
  overrides: World['overrides'],
  runs: Runs,
): object {
  return Object.fromEntries(
    Object.entries(activities).map(([name, real]) => {
      const activity = real as (...args: never[]) => Promise<unknown>;
      return [
        name,
        (...args: never[]) => {
          const { workflowExecution } = activityInfo();
          if (workflowExecution) runs.set(workflowExecution.runId, workflowExecution.workflowId);
          return (overrides.get(`${service}.${name}`)?.(activity) ?? activity)(...args);
        },
      ];
    }),
  );
}
