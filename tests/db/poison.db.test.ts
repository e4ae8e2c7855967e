import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IdempotentConsumer } from '../../core/activity/consumer.js';
import type { SchemaRegistry } from '../../core/avro/schema-registry.js';
import type { AnyEvent, CorrelationId } from '../../core/event.js';
import { journalOf } from '../../core/postgres/journal.js';
import { withTransaction } from '../../core/postgres/transaction.js';
import { choreography } from '../../schemas/catalogue.js';
import { services } from '../../schemas/services.js';
import { paymentStore } from '../../db/payment/payments.js';
import { createScene } from '../decisions/scene.js';
import { examples } from '../schemas/examples.js';
import { createTestDatabase, forEachService, type TestDatabase } from '../support/database.js';
import { nestedJson } from '../support/poison.js';
import { productActivities } from '../support/product-activities.js';
import { standard } from '../support/saga-world.js';

let db: TestDatabase;
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());

type Consume = (context: object, event: unknown) => Promise<{ readonly row: unknown }>;

/** Every effect that takes an event, of every service, as a workflow of somebody else could call it. */
const consumers = () =>
  services.flatMap((service) => {
    const activities = productActivities({
      pools: forEachService((one) => db.pools[one]),
      deliver: () => Promise.resolve(),
      sendMail: () => Promise.resolve(),
      settings: standard,
    })[service] as Readonly<Record<string, Consume>>;
    return Object.entries(activities).filter(([name]) => TAKES_AN_EVENT.has(name));
  });

const TAKES_AN_EVENT = new Set([
  ...['inspect', 'charge', 'confirm', 'refund', 'reserve', 'release', 'prepare', 'revoke'],
  ...['markPaid', 'markUnpaid', 'markReserved', 'markRefunded', 'complete', 'callForAttention'],
]);

test.each([100, 1_000, 5_000, 20_000, 200_000])(
  'an event nested %i levels deep is quarantined by every effect',
  async (levels) => {
    const scene = createScene(db);
    const deep: unknown = JSON.parse(nestedJson(levels));
    const payloads = (type: string) => [
      deep,
      { ...examples[type as keyof typeof examples], customerId: deep },
      { ...examples[type as keyof typeof examples], version: 99, orderId: scene.orderId, undeclared: deep },
    ];
    for (const [name, consume] of consumers())
      for (const type of ['OrderCreatedEvent', 'Unknown'])
        for (const payload of payloads(type))
          expect(await consume(scene.context(), { type, payload }), name).toEqual({
            row: { status: 'NOTHING' },
            unpublished: [],
          });
    const { rows } = await db.owner.query<{ reason: string; body: string }>(
      `select distinct reason, body from journal.quarantine where order_id = $1`,
      [scene.orderId],
    );
    expect(rows).toEqual([{ reason: 'UNDECODABLE', body: '"nested deeper than 64 levels"' }]);
  },
);

test('what was refused is kept, whatever characters it is made of', async () => {
  const scene = createScene(db);
  const refused = { signalName: 'a\0b', reason: 'UNKNOWN_EVENT', detail: 'c\0d', body: 'e\0f' } as const;
  const entry = { ...refused, sagaId: scene.orderId, runId: randomUUID(), eventId: null, seen: 1 };
  await withTransaction(db.pools.payment, (tx) => journalOf(choreography, 'payment', tx).quarantine(entry));
  const { rows } = await db.owner.query(
    `select signal_name, detail, body from journal.quarantine where order_id = $1`,
    [scene.orderId],
  );
  expect(rows).toEqual([{ signal_name: 'a\uFFFDb', detail: 'c\uFFFDd', body: 'e\uFFFDf' }]);
});

test('an event that its subscribers would find too large is not emitted', async () => {
  const scene = createScene(db);
  const schemas = {
    validate: (_: string, payload: unknown) => ({ ok: true, payload }),
  } as unknown as SchemaRegistry;
  const consumer = new IdempotentConsumer(
    { choreography, schemas },
    paymentStore(db.pools.payment),
    (row) => row,
  );
  const emit = (length: number) =>
    consumer.apply(scene.context(), {
      key: `${scene.orderId}:${length}`,
      decide: (row) => ({
        kind: 'change',
        row,
        emit: {
          type: 'PaymentCompletedEvent',
          data: { text: '한'.repeat(length) },
          cause: { eventId: null, correlationId: randomUUID() as CorrelationId },
        },
      }),
    });
  await expect(emit(87_500)).rejects.toThrow('PaymentCompletedEvent is larger than 262144 bytes');
  const journaled = () => db.owner.query(`select from journal.events where order_id = $1`, [scene.orderId]);
  expect((await journaled()).rowCount).toBe(0);
  await emit(80_000);
  expect((await journaled()).rowCount).toBe(1);
});

test('an event that the journal does not hold is published to nobody', async () => {
  const scene = createScene(db);
  const told: AnyEvent[] = [];
  const activities = productActivities({
    pools: db.pools,
    deliver: (_, event) => Promise.resolve(void told.push(event)),
    sendMail: () => Promise.resolve(),
    settings: standard,
  });
  const { publish } = activities.payment as { readonly publish: (eventId: string) => Promise<void> };
  await publish(scene.orderId);
  expect(told).toEqual([]);
});
