import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { participantOf } from '../../core/activity/delivery.js';
import { workflowIdOf } from '../../core/choreography.js';
import { choreography } from '../../schemas/catalogue.js';
import { RETRY_NOTIFICATION, services, type Service } from '../../schemas/services.js';
import { startDeafParticipants, type DeafParticipants } from '../decisions/deaf-participants.js';
import { createScene, ordered, type Scene } from '../decisions/scene.js';
import { asIs, json, nestedJson, poison, poisonNames, poisons } from '../support/poison.js';
import { standard } from '../support/saga-world.js';
import { until } from '../support/until.js';

// On Temporal's dev server, which checks more than the time-skipping one, and lets more through elsewhere. In threads, since
// a payload is copied on its way into one.
let participants: DeafParticipants;
let scene: Scene;
beforeAll(async () => {
  const notification = { maxRetries: 3, retryIntervalMs: 10 };
  participants = await startDeafParticipants({ settings: { ...standard, notification }, inThreads: true });
});
afterAll(() => participants.close());
beforeEach(() => (scene = createScene(participants.db, Date.now())));

const handleOf = (service: Service): WorkflowHandle =>
  participants.client.workflow.getHandle(workflowIdOf(service, scene.orderId));

async function say(service: Service, type: Parameters<Scene['publish']>[0]): Promise<void> {
  await participants.signal(service, scene.orderId, await scene.publish(type));
}

async function statusOf(table: string): Promise<string | undefined> {
  const { rows } = await participants.db.owner.query<{ status: string }>(
    `select status from ${table} where order_id = $1`,
    [scene.orderId],
  );
  return rows[0]?.status;
}

const untilIts = (table: string, status: string) => until(async () => (await statusOf(table)) === status);

async function charge(): Promise<void> {
  await say('payment', 'OrderCreatedEvent');
  await untilIts('payment.payments', 'CHARGED');
}

/** The reservation reaches Payment, and the payment stands. */
async function confirm(): Promise<void> {
  await say('payment', 'InventoryReservedEvent');
  await participants.closed('payment', scene.orderId);
  expect(await statusOf('payment.payments')).toBe('CONFIRMED');
}

const quarantine = async () => {
  const { rows } = await participants.db.owner.query<{
    name: string;
    reason: string;
    body: string;
    seen: number;
  }>(`select signal_name as name, reason, body, seen from journal.quarantine where order_id = $1`, [
    scene.orderId,
  ]);
  return rows;
};

test.each(poisonNames)('%s is quarantined, and the payment stands', async (sent) => {
  await charge();
  await poison(participants.client, workflowIdOf('payment', scene.orderId), sent);
  await confirm();
  const [entry, ...others] = await quarantine();
  expect(others).toEqual([]);
  const { signalName, reason, body } = poisons[sent];
  expect(entry).toMatchObject({ name: signalName.slice(0, 200), reason, seen: 1 });
  expect(entry?.body.startsWith(body)).toBe(true);
});

test('every participant survives every poison at once', async () => {
  await charge();
  await say('inventory', 'PaymentCompletedEvent');
  await say('notification', 'InventoryReservedEvent');
  await participants.place(scene.orderId);
  await until(async () => (await statusOf('orders.orders')) === 'PENDING_PAYMENT');
  for (const service of ['payment', 'notification', 'order'] as const)
    for (const name of [
      'a signal whose name the SDK keeps for itself',
      'an event nested 20,000 levels deep',
      'an event of 2 MiB',
    ] as const)
      await poison(participants.client, workflowIdOf(service, scene.orderId), name);
  await confirm();
  await say('order', 'PaymentFailedEvent');
  await say('notification', 'PaymentCancelledEvent');
  for (const service of services) await participants.closed(service, scene.orderId);
  expect(await statusOf('orders.orders')).toBe('PAYMENT_FAILED');
  expect(await statusOf('notification.notifications')).toBe('REVOKED');
  expect((await quarantine()).map(({ reason }) => reason).sort()).toEqual([
    ...Array<string>(6).fill('UNDECODABLE'),
    ...Array<string>(3).fill('UNKNOWN_EVENT'),
  ]);
});

// Updates

async function park(): Promise<void> {
  await say('notification', 'InventoryReservedEvent');
  await untilIts('notification.notifications', 'FAILED');
  await until(async () => {
    const { raw } = await handleOf('notification').describe();
    return raw.pendingActivities?.length === 0 && raw.pendingWorkflowTask == null;
  });
}

const retry = (updateId: string, ...args: unknown[]) =>
  handleOf('notification').executeUpdate(RETRY_NOTIFICATION, { args: args as [unknown], updateId });

async function revoke(): Promise<void> {
  await say('notification', 'PaymentCancelledEvent');
  await participants.closed('notification', scene.orderId);
  expect(await statusOf('notification.notifications')).toBe('REVOKED');
}

const untilRound = (round: number) =>
  until(async () => {
    const { rowCount } = await participants.db.owner.query(
      `select from notification.notifications where order_id = $1 and round = $2 and status = 'FAILED'`,
      [scene.orderId, round],
    );
    return rowCount === 1;
  });

test('an Update with wrong arguments is refused, and the participant stays parked', async () => {
  await park();
  const wrong: readonly unknown[][] = [
    [],
    [null],
    ['ann'],
    [{}],
    [{ operator: null }],
    [{ operator: '' }],
    [{ operator: 'a\0b' }],
    [{ operator: 'x'.repeat(201) }],
    [{ operator: { name: 'ann' } }],
    [{ operator: 'ann' }, { operator: 'bob' }],
    [asIs(json(nestedJson(20_000)))],
    [asIs(json(`{"operator":${nestedJson(20_000)}}`))],
    [asIs(json('{"operator":"\\ud800"}'))],
    [asIs(json(new Uint8Array([0xff])))],
    [asIs({})],
  ];
  for (const args of wrong)
    await expect(retry(randomUUID(), ...args)).rejects.toMatchObject({ cause: { type: 'INVALID_REQUEST' } });
  await retry(randomUUID(), { operator: 'ann', why: 'a field that nobody knows' });
  await untilRound(2);
  await revoke();
});

test('an Update whose id cannot be stored is refused', async () => {
  await park();
  for (const id of ['a\0b', 'a\nb', 'x'.repeat(300)])
    await expect(retry(id, { operator: 'ann' })).rejects.toMatchObject({
      cause: { type: 'INVALID_REQUEST' },
    });
  await revoke();
});

test('an Update whose id is that of an event to come does not stand in for the event', async () => {
  await park();
  const cancelled = await scene.publish('PaymentCancelledEvent');
  await retry(cancelled.payload.eventId, { operator: 'ann' });
  await untilRound(2);
  await participants.signal('notification', scene.orderId, cancelled);
  await participants.closed('notification', scene.orderId);
  expect(await statusOf('notification.notifications')).toBe('REVOKED');
});

test('the same Update id asks for a retry of each order that it is sent to', async () => {
  const id = randomUUID();
  for (const next of [scene, createScene(participants.db, Date.now())]) {
    scene = next;
    await park();
    await retry(id, { operator: 'ann' });
    await untilRound(2);
    await revoke();
  }
});

test('an unknown Update is refused, whoever runs', async () => {
  await charge();
  const names = [
    'unknown',
    RETRY_NOTIFICATION,
    '__temporal_x',
    '__stack_trace',
    '__temporal_workflow_stream_poll',
  ];
  for (const name of names)
    await expect(handleOf('payment').executeUpdate(name, { args: [{ operator: 'ann' }] })).rejects.toThrow();
  await confirm();
});

// Queries

test('a query changes nothing, whatever it is named and given', async () => {
  await charge();
  const args = [asIs(json(nestedJson(20_000))), asIs({})];
  for (const name of ['unknown', '__temporal_x', 'toString', '__temporal_workflow_stream_offset'])
    await expect(handleOf('payment').query(name, ...args)).rejects.toThrow(/did not register a handler/);
  for (const name of ['__stack_trace', '__enhanced_stack_trace', '__temporal_workflow_metadata'])
    await expect(handleOf('payment').query(name, ...args)).resolves.toBeDefined();
  await confirm();
});

// Starts

const options = (service: Service) => participantOf(choreography, service, scene.orderId);

/** What becomes of a start that nobody of ours would make. */
async function failureOf(handle: { result(): Promise<unknown> }): Promise<unknown> {
  const error: unknown = await handle.result().then(
    () => undefined,
    (failure: unknown) => failure,
  );
  return error instanceof WorkflowFailedError ? error.cause : error;
}

test.each([
  ['nothing', []],
  ['null', [null]],
  ['text', ['payment']],
  ['capitals', [randomUUID().toUpperCase()]],
  ['an object', [{ orderId: randomUUID() }]],
  ['20,000 levels', [asIs(json(nestedJson(20_000)))]],
  ['bytes that are not JSON', [asIs(json(new Uint8Array([0xff])))]],
  ['the id of another order', [randomUUID()]],
] as const)('a start with %s for an order id fails at once, and the next one works', async (_, args) => {
  for (const service of services) {
    const handle = await participants.client.workflow.start(service, {
      ...options(service),
      args: [...args],
    });
    expect(await failureOf(handle)).toMatchObject({ type: 'WRONG_START', nonRetryable: true });
  }
  await charge();
  await confirm();
});

test('a start with 200,000 arguments fails at once', async () => {
  const { workflowService, options: connected } = participants.client;
  await workflowService.startWorkflowExecution({
    ...{ namespace: connected.namespace, workflowId: workflowIdOf('payment', scene.orderId) },
    ...{ workflowType: { name: 'payment' }, taskQueue: { name: 'payment' }, requestId: randomUUID() },
    input: { payloads: Array<object>(200_000).fill({}) },
  });
  expect(await failureOf(handleOf('payment'))).toMatchObject({ type: 'WRONG_START' });
  await charge();
  await confirm();
});

test("a start on another service's task queue fails at once", async () => {
  const start = { ...options('payment'), taskQueue: 'inventory', args: [scene.orderId] };
  const handle = await participants.client.workflow.start('payment', start);
  expect(await failureOf(handle)).toMatchObject({
    type: 'WRONG_START',
    message: 'expected the task queue payment, found inventory',
  });
});

test('a start of an unknown workflow type fails at once, and the next one works', async () => {
  for (const type of ['unknown', 'default', 'valueOf', 'toString', '__proto__']) {
    const handle = await participants.client.workflow.start(type, { ...options('payment'), args: [] });
    expect(await failureOf(handle), type).toMatchObject({
      type: 'WRONG_START',
      message: `there is no participant ${type}`,
    });
  }
  await charge();
  await confirm();
});

test('a start whose memo and last result cannot be read runs all the same', async () => {
  const { workflowService, options: connected } = participants.client;
  const unreadable = json(new Uint8Array([0xff]));
  await workflowService.startWorkflowExecution({
    ...{ namespace: connected.namespace, workflowId: workflowIdOf('payment', scene.orderId) },
    ...{ workflowType: { name: 'payment' }, taskQueue: { name: 'payment' }, requestId: randomUUID() },
    input: { payloads: [json(JSON.stringify(scene.orderId))] },
    memo: { fields: { placement: unreadable } },
    lastCompletionResult: { payloads: [unreadable] },
    header: { fields: { any: unreadable } },
  });
  await participants.closed('payment', scene.orderId);
  await charge();
  await confirm();
});

// What an operator can do in the Web UI

test('a request to cancel is ignored: the saga goes on', async () => {
  await charge();
  await participants.place(scene.orderId);
  await untilIts('orders.orders', 'PENDING_PAYMENT');
  await park();
  for (const service of ['payment', 'order', 'notification'] as const) await handleOf(service).cancel();
  await confirm();
  await say('order', 'PaymentFailedEvent');
  await participants.closed('order', scene.orderId);
  expect(await statusOf('orders.orders')).toBe('PAYMENT_FAILED');
  await retry(randomUUID(), { operator: 'ann' });
  await untilRound(2);
  await revoke();
});

test('a run that is reset to its first task goes by its row', async () => {
  await charge();
  const { runId } = await handleOf('payment').describe();
  const firstTask = async () => {
    const { events = [] } = await handleOf('payment').fetchHistory();
    return events?.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
  };
  await until(async () => (await firstTask()) != null);
  const { workflowService, options: connected } = participants.client;
  await workflowService.resetWorkflowExecution({
    ...{ namespace: connected.namespace, reason: 'a test', requestId: randomUUID() },
    workflowExecution: { workflowId: workflowIdOf('payment', scene.orderId), runId },
    workflowTaskFinishEventId: (await firstTask()) ?? null,
  });
  await confirm();
  const { rows } = await participants.db.owner.query<{ amount: number }>(
    `select amount from payment.wallet_ledger where order_id = $1`,
    [scene.orderId],
  );
  expect(rows).toEqual([{ amount: -ordered.total.amount }]);
});

test('a participant that was terminated is started again by its next event', async () => {
  await charge();
  await handleOf('payment').terminate();
  await confirm();
});
