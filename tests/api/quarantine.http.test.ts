import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPaymentEffects } from '../../activities/payment.js';
import { applyEvent } from '../support/apply-event.js';
import { choreography } from '../../schemas/catalogue.js';
import type { EffectContext } from '../../core/activity/effect.js';
import { journalOf } from '../../core/postgres/journal.js';
import { paymentStore } from '../../db/payment/payments.js';
import { roleOf } from '../../core/choreography.js';
import { eventIdOf } from '../../core/event-id.js';
import type { EpochMillis, EventId } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { QuarantineReason } from '../../core/activity/inspection.js';
import type { Service } from '../../schemas/services.js';
import { createLogger } from '../../platform/logger.js';
import { Mailbox } from '../../core/workflow/mailbox.js';
import { serve, startTestApi, type TestApi } from '../support/api.js';
import { freePort } from '../../platform/ports.js';

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api.close());

const newOrder = () => randomUUID() as OrderId;

const cancelled = (orderId: OrderId, extra: object = {}) => {
  const causationId = randomUUID() as EventId;
  const eventId = eventIdOf(orderId, 'OrderCancelledEvent', causationId);
  const correlationId = randomUUID();
  return {
    eventId,
    version: 1,
    orderId,
    correlationId,
    causationId,
    occurredAt: 1,
    reason: 'PAYMENT_TIMEOUT',
    ...extra,
  };
};
type Payload = ReturnType<typeof cancelled>;

/** Writes an event to the journal in the name of a service, which need not be its publisher. */
const publish = (service: Service, payload: Payload) =>
  api.db.owner.query(
    `insert into journal.events
       (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload, published_by)
     values ($1, $2, 'OrderCancelledEvent', 1, $3, $4, now(), $5, $6)`,
    [
      payload.eventId,
      payload.orderId,
      payload.correlationId,
      payload.causationId,
      JSON.stringify(payload),
      roleOf(service),
    ],
  );

interface Refused {
  readonly service?: Service;
  readonly signalName?: string;
  readonly reason?: QuarantineReason;
  readonly runId?: string;
  readonly seen?: number;
}

/** The number of the only entry of a run. */
async function entryOf(runId: string): Promise<number> {
  const { rows } = await api.db.owner.query<{ id: number }>(
    `select quarantine_id as id from journal.quarantine where run_id = $1`,
    [runId],
  );
  return rows[0]?.id ?? Number.NaN;
}

/** Quarantines a signal as the refusing service does, and returns the number of the entry. */
async function quarantine(orderId: OrderId, body: string, refused: Refused = {}): Promise<number> {
  const { service = 'payment', signalName = 'OrderCancelledEvent', reason = 'NOT_IN_JOURNAL' } = refused;
  const { runId = randomUUID(), seen = 1 } = refused;
  const db = await api.db.pools[service].connect();
  const entry = {
    sagaId: orderId,
    runId,
    signalName,
    reason,
    detail: 'as a test says',
    body,
    eventId: null,
    seen,
  };
  await journalOf(choreography, service, db)
    .quarantine(entry)
    .finally(() => db.release());
  return entryOf(runId);
}

/** Has Payment's own inbox and consumer refuse a signal, and returns the number of the entry. */
async function refusedByPayment(orderId: OrderId, signalName: string, payload: object): Promise<number> {
  const effects = createPaymentEffects(paymentStore(api.db.pools.payment), { reservationWait: 180_000 });
  const [mailbox, runId] = [new Mailbox(choreography), randomUUID()];
  mailbox.deliver(signalName, [payload]);
  const event = mailbox.takeOther([]);
  const malformed = [...mailbox.malformed.unreported(1).values()];
  const now = Date.now() as EpochMillis;
  const context: EffectContext = { sagaId: orderId, runId, now, seen: 1, malformed };
  await (event ? applyEvent('payment', effects, context, event) : effects.look(context, null));
  return entryOf(runId);
}

const redrive = (id: number | string, headers: Record<string, string> = { operator: 'Ann' }) =>
  api.call('POST', `/quarantine/${id}/redrive`, { headers });
const dismiss = (id: number | string, headers: Record<string, string> = { operator: 'Ann' }) =>
  api.call('POST', `/quarantine/${id}/dismissal`, { headers });
const show = async (id: number) => (await api.call('GET', `/quarantine/${id}`)).body;

/** The signals in a participant's history. */
async function receivedBy(service: Service, orderId: OrderId) {
  const history = await api.temporal.client.workflow.getHandle(`${service}-${orderId}`).fetchHistory();
  return (history.events ?? []).flatMap(
    ({ workflowExecutionSignaledEventAttributes: signal }) => signal ?? [],
  );
}
/** The same, each as its name and what it carries. */
const eventsReceivedBy = async (service: Service, orderId: OrderId) =>
  (await receivedBy(service, orderId)).map(({ signalName, input }) => {
    const [payload] = input?.payloads ?? [];
    return [signalName, JSON.parse(Buffer.from(payload?.data ?? []).toString())] as const;
  });
/** The signals that a participant has been sent. */
const signalsOf = async (service: Service, orderId: OrderId) =>
  (await receivedBy(service, orderId)).map(({ signalName }) => signalName);
const isStarted = (service: Service, orderId: OrderId) =>
  signalsOf(service, orderId).then(
    () => true,
    () => false,
  );

interface Page {
  readonly quarantine: readonly { readonly id: number; readonly state: string }[];
  readonly nextCursor: string | null;
}
const list = async (query: string): Promise<Page> => {
  const answer = await api.call('GET', `/quarantine?${query}`);
  expect(answer.status).toBe(200);
  return answer.body as Page;
};
const idsOf = ({ quarantine: shown }: Page) => shown.map(({ id }) => id);

describe('the list', () => {
  const orderId = newOrder();
  const ids: number[] = [];
  beforeAll(async () => {
    for (const [index, service] of (['payment', 'order', 'payment', 'inventory'] as const).entries())
      ids.unshift(
        await quarantine(orderId, `${index}`, { service, reason: index < 2 ? 'SCHEMA' : 'NOT_ADDRESSED' }),
      );
  });

  test.each([1, 2, 3, 4])('in pages of %i shows each entry once, newest first', async (limit) => {
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page: Page = await list(
        `orderId=${orderId}&limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      expect(page.quarantine.length).toBeLessThanOrEqual(limit);
      seen.push(...idsOf(page));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(ids);
  });

  test('by service, reason and state', async () => {
    expect(idsOf(await list(`orderId=${orderId}&service=payment`))).toEqual([ids[1], ids[3]]);
    expect(idsOf(await list(`orderId=${orderId}&service=payment&reason=SCHEMA`))).toEqual([ids[3]]);
    expect(idsOf(await list(`orderId=${orderId}&state=REDRIVEN`))).toEqual([]);
    expect(idsOf(await list(`orderId=${orderId}&state=WAITING`))).toEqual(ids);
    expect(idsOf(await list(`orderId=${newOrder()}`))).toEqual([]);
  });

  test.each([
    '?limit=0',
    '?limit=101',
    '?service=shop',
    '?reason=ODD',
    '?state=GONE',
    '?cursor=nonsense',
    '?x=1',
    '?orderId=7',
  ])('%s is malformed', async (query) => {
    expect((await api.call('GET', `/quarantine${query}`)).status).toBe(400);
  });
});

describe('one entry', () => {
  test('shows body, reason, to whom it was sent, and who published an event of its id', async () => {
    const payload = cancelled(newOrder());
    await publish('order', payload);
    const body = JSON.stringify({ ...payload, reason: 'SAGA_TIMEOUT' });
    const id = await quarantine(payload.orderId, body, { reason: 'OTHER_CONTENT', seen: 3 });
    expect(await show(id)).toMatchObject({
      id,
      state: 'WAITING',
      service: 'payment',
      workflowId: `payment-${payload.orderId}`,
      signalName: 'OrderCancelledEvent',
      reason: 'OTHER_CONTENT',
      detail: 'as a test says',
      seen: 3,
      firstSeenAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      publishedBy: 'order_service',
      body,
      bodyIsCut: false,
      redrives: [],
    });
  });

  test('an unknown one is not found, a number that is none is malformed', async () => {
    expect((await api.call('GET', '/quarantine/999999')).status).toBe(404);
    expect((await redrive(999_999)).status).toBe(404);
    expect((await dismiss(999_999)).status).toBe(404);
    for (const id of ['0', 'x', '1.5', '9'.repeat(30)]) {
      expect((await api.call('GET', `/quarantine/${id}`)).status).toBe(400);
      expect((await redrive(id)).status).toBe(400);
    }
  });
});

describe('a signal that is longer than what is kept', () => {
  const KEPT = 16_384;
  const junk = (letter: string) => letter.repeat((40 * 1_024) / letter.length);

  test.each([
    ['an event', 'OrderCancelledEvent', 'SCHEMA', (payload: object) => JSON.stringify(payload)],
    ['no event', 'Junk', 'UNKNOWN_EVENT', (payload: object) => JSON.stringify([payload])],
  ])('as %s: its first 16,384 characters are kept, and that it was cut', async (_, name, reason, sent) => {
    const payload = { a: junk('x') };
    const id = await refusedByPayment(newOrder(), name, payload);
    const body = sent(payload).slice(0, KEPT);
    expect(await show(id)).toMatchObject({ reason, body, bodyIsCut: true, publishedBy: null });
  });

  test('one that just fits is kept whole', async () => {
    const payload = { a: 'x'.repeat(KEPT - JSON.stringify({ a: '' }).length) };
    const id = await refusedByPayment(newOrder(), 'OrderCancelledEvent', payload);
    expect(await show(id)).toMatchObject({ body: JSON.stringify(payload), bodyIsCut: false });
  });

  test.each(['한', '🧾'])('what is kept of %s is text, whatever it is cut through', async (letter) => {
    for (const prefix of ['', 'x']) {
      const payload = { a: prefix + junk(letter) };
      const { body } = (await show(await refusedByPayment(newOrder(), 'Junk', payload))) as { body: string };
      const sent = JSON.stringify([payload]);
      const isWhole = body === sent.slice(0, KEPT);
      // Half a surrogate pair is not valid text; U+FFFD replaces it.
      expect(isWhole || body === `${sent.slice(0, KEPT - 1)}\uFFFD`).toBe(true);
      expect(body).not.toMatch(/\p{Surrogate}/u);
    }
  });

  test('is not delivered in part: 422 says that it was too long, and it stays', async () => {
    const orderId = newOrder();
    const id = await refusedByPayment(orderId, 'OrderCancelledEvent', {
      ...cancelled(orderId),
      extra: junk('x'),
    });
    expect(await redrive(id)).toMatchObject({
      status: 422,
      body: {
        type: '/problems/event-still-invalid',
        detail:
          'UNDECODABLE: its body was too long to be stored in full, and the journal has no event of its id',
      },
    });
    expect(await show(id)).toMatchObject({
      state: 'WAITING',
      redrives: [{ operator: 'Ann', outcome: 'STILL_INVALID' }],
    });
    expect(await isStarted('payment', orderId)).toBe(false);
  });

  test('where the journal has an event of its id, that one is delivered, as it was published', async () => {
    const payload = cancelled(newOrder());
    await publish('order', payload);
    const { orderId } = payload;
    const id = await refusedByPayment(orderId, 'OrderCancelledEvent', { ...payload, extra: junk('x') });
    expect(await show(id)).toMatchObject({ bodyIsCut: true, publishedBy: 'order_service' });
    expect((await redrive(id)).status).toBe(202);
    expect(await eventsReceivedBy('payment', orderId)).toEqual([['OrderCancelledEvent', payload]]);
  });
});

describe('a redrive that passes now', () => {
  test('the event was not in the journal when it came: delivered, recorded, and not again', async () => {
    const payload = cancelled(newOrder());
    const id = await quarantine(payload.orderId, JSON.stringify(payload));
    expect(await redrive(id)).toMatchObject({ status: 422 });
    await publish('order', payload);
    expect(await redrive(id, { operator: 'Bea' })).toMatchObject({
      status: 202,
      body: { id, orderId: payload.orderId, service: 'payment', operator: 'Bea', outcome: 'DELIVERED' },
    });
    expect(await signalsOf('payment', payload.orderId)).toEqual(['OrderCancelledEvent']);
    expect(await redrive(id)).toMatchObject({
      status: 409,
      body: { type: '/problems/quarantine-entry-not-waiting' },
    });
    expect(await signalsOf('payment', payload.orderId)).toEqual(['OrderCancelledEvent']);
    expect(await show(id)).toMatchObject({
      state: 'REDRIVEN',
      redrives: [
        { operator: 'Ann', outcome: 'NOT_WAITING' },
        { operator: 'Bea', outcome: 'DELIVERED' },
        {
          operator: 'Ann',
          outcome: 'STILL_INVALID',
          detail: expect.stringContaining('NOT_IN_JOURNAL') as string,
        },
      ],
    });
  });

  test('refused as an older version did, by a schema and a catalogue that are corrected now', async () => {
    const [bySchema, byName] = [cancelled(newOrder()), cancelled(newOrder())];
    await Promise.all([publish('order', bySchema), publish('order', byName)]);
    const ids = [
      await quarantine(bySchema.orderId, JSON.stringify(bySchema), { reason: 'SCHEMA' }),
      // The inbox does not know the event's name, and stores all arguments.
      await quarantine(byName.orderId, JSON.stringify([byName]), { reason: 'UNKNOWN_EVENT' }),
    ];
    for (const id of ids) expect((await redrive(id)).status).toBe(202);
    for (const { orderId } of [bySchema, byName])
      expect(await signalsOf('payment', orderId)).toEqual(['OrderCancelledEvent']);
  });

  test('of a newer version, it is delivered with all that it came with', async () => {
    const payload = cancelled(newOrder(), { version: 2, channel: 'web' });
    await publish('order', payload);
    const id = await quarantine(payload.orderId, JSON.stringify(payload));
    expect((await redrive(id)).status).toBe(202);
    expect(await eventsReceivedBy('payment', payload.orderId)).toEqual([['OrderCancelledEvent', payload]]);
  });

  test('refused again after it was delivered, it waits again', async () => {
    const payload = cancelled(newOrder());
    await publish('order', payload);
    const runId = randomUUID();
    const id = await quarantine(payload.orderId, JSON.stringify(payload), { runId });
    expect((await redrive(id)).status).toBe(202);
    expect(await quarantine(payload.orderId, JSON.stringify(payload), { runId, seen: 2 })).toBe(id);
    expect(await show(id)).toMatchObject({ state: 'WAITING' });
    expect((await redrive(id)).status).toBe(202);
  });

  test('two operators at once: it is delivered, and each has a line in the record', async () => {
    const payload = cancelled(newOrder());
    await publish('order', payload);
    const id = await quarantine(payload.orderId, JSON.stringify(payload));
    const answers = await Promise.all(['Ann', 'Bea', 'Cem'].map((operator) => redrive(id, { operator })));
    expect(answers.map(({ status }) => status).every((status) => status === 202 || status === 409)).toBe(
      true,
    );
    const delivered = answers.filter(({ status }) => status === 202).length;
    expect(delivered).toBeGreaterThan(0);
    expect(await signalsOf('payment', payload.orderId)).toHaveLength(delivered);
    expect(await show(id)).toMatchObject({ state: 'REDRIVEN', redrives: { length: 3 } });
  });
});

describe('a redrive that does not pass', () => {
  const cases: readonly [string, string, (orderId: OrderId) => Promise<number>][] = [
    [
      'in the name of another publisher',
      'WRONG_PUBLISHER',
      async (orderId) => {
        const payload = cancelled(orderId);
        await publish('inventory', payload);
        return quarantine(orderId, JSON.stringify(payload));
      },
    ],
    [
      'for another service',
      'NOT_ADDRESSED',
      async (orderId) => {
        const payload = cancelled(orderId);
        await publish('order', payload);
        return quarantine(orderId, JSON.stringify(payload), { service: 'inventory' });
      },
    ],
    [
      'with other content',
      'OTHER_CONTENT',
      async (orderId) => {
        const payload = cancelled(orderId);
        await publish('order', payload);
        return quarantine(orderId, JSON.stringify({ ...payload, reason: 'SAGA_TIMEOUT' }));
      },
    ],
    [
      'of another order',
      'OTHER_SAGA',
      (orderId) => quarantine(orderId, JSON.stringify(cancelled(newOrder()))),
    ],
    [
      'of an unknown name',
      'UNKNOWN_EVENT',
      (orderId) => quarantine(orderId, '[{}]', { signalName: 'toString', reason: 'UNKNOWN_EVENT' }),
    ],
    [
      'of two payloads',
      'NOT_ONE_PAYLOAD',
      (orderId) => quarantine(orderId, '[{},{}]', { reason: 'NOT_ONE_PAYLOAD' }),
    ],
    [
      'nested thousands of levels deep',
      'UNDECODABLE',
      (orderId) => quarantine(orderId, '['.repeat(8_000) + ']'.repeat(8_000)),
    ],
    [
      'of bytes that cannot be read',
      'UNDECODABLE',
      (orderId) => quarantine(orderId, '[{"undecodable":"x","bytes":"ff"}]', { reason: 'UNDECODABLE' }),
    ],
  ];

  test.each(cases)('%s: 422 %s, and it stays', async (_, reason, refuse) => {
    const orderId = newOrder();
    const id = await refuse(orderId);
    expect(await redrive(id)).toMatchObject({
      status: 422,
      body: {
        type: '/problems/event-still-invalid',
        detail: expect.stringContaining(`${reason}: `) as string,
      },
    });
    expect(await show(id)).toMatchObject({
      state: 'WAITING',
      redrives: [{ operator: 'Ann', outcome: 'STILL_INVALID' }],
    });
    expect(await isStarted('payment', orderId)).toBe(false);
    expect(await isStarted('inventory', orderId)).toBe(false);
  });

  test('what will never pass is dismissed on the record, and nobody has to look at it any more', async () => {
    const orderId = newOrder();
    const runId = randomUUID();
    const id = await quarantine(orderId, '[{}]', { signalName: 'Nonsense', reason: 'UNKNOWN_EVENT', runId });
    const needsAPerson = async () => {
      const { attention } = (await api.call('GET', '/attention?limit=100')).body as {
        attention: { orderId: string }[];
      };
      return attention.some((entry) => entry.orderId === orderId);
    };
    expect(await needsAPerson()).toBe(true);
    expect(await dismiss(id)).toMatchObject({
      status: 200,
      body: { id, orderId, service: 'payment', operator: 'Ann', outcome: 'DISMISSED' },
    });
    expect(await needsAPerson()).toBe(false);
    expect(idsOf(await list(`orderId=${orderId}&state=DISMISSED`))).toEqual([id]);
    expect(await dismiss(id, { operator: 'Bea' })).toMatchObject({
      status: 409,
      body: { type: '/problems/quarantine-entry-not-waiting', detail: 'it was dismissed' },
    });
    const tried = ['NOT_WAITING', 'DISMISSED'];
    expect(await show(id)).toMatchObject({
      state: 'DISMISSED',
      redrives: tried.map((outcome) => ({ action: 'DISMISSAL', outcome })),
    });

    // It waits again once it is refused again.
    await quarantine(orderId, '[{}]', { signalName: 'Nonsense', reason: 'UNKNOWN_EVENT', runId, seen: 2 });
    expect(await show(id)).toMatchObject({ state: 'WAITING' });
    expect(await needsAPerson()).toBe(true);
  });

  test('refused several times, it is dismissed or delivered for all of them', async () => {
    const payloads = [cancelled(newOrder()), cancelled(newOrder())] as const;
    const [dismissed, delivered] = await Promise.all(
      payloads.map(async (payload) => {
        await publish('order', payload);
        return quarantine(payload.orderId, JSON.stringify(payload), { seen: 3 });
      }),
    );
    expect((await dismiss(dismissed ?? 0)).status).toBe(200);
    expect((await redrive(delivered ?? 0)).status).toBe(202);
    expect(await show(dismissed ?? 0)).toMatchObject({ seen: 3, state: 'DISMISSED' });
    expect(await show(delivered ?? 0)).toMatchObject({ seen: 3, state: 'REDRIVEN' });
  });

  test('dismissed by mistake, it can still be delivered, and not be dismissed after that', async () => {
    const payload = cancelled(newOrder());
    const id = await quarantine(payload.orderId, JSON.stringify(payload));
    expect((await dismiss(id)).status).toBe(200);
    await publish('order', payload);
    expect((await redrive(id)).status).toBe(202);
    expect(await show(id)).toMatchObject({ state: 'REDRIVEN' });
    expect(await dismiss(id)).toMatchObject({
      status: 409,
      body: { detail: 'it was delivered, and has not been refused since' },
    });
  });

  test('what breaks its schema is told field by field', async () => {
    const orderId = newOrder();
    const payload = { ...cancelled(orderId), reason: 'WHIM', extra: 1 };
    const id = await quarantine(orderId, JSON.stringify(payload), { reason: 'SCHEMA' });
    const { status, body } = await redrive(id);
    expect(status).toBe(422);
    expect((body as { errors: { field: string }[] }).errors.map(({ field }) => field).sort()).toEqual([
      'extra',
      'reason',
    ]);
  });

  test.each([undefined, '', 'x'.repeat(101)])('the operator has to be named: %j', async (operator) => {
    const id = await quarantine(newOrder(), '{}');
    expect(await redrive(id, operator === undefined ? {} : { operator })).toMatchObject({
      status: 400,
      body: { errors: [{ header: 'Operator' }] },
    });
    expect(await dismiss(id, operator === undefined ? {} : { operator })).toMatchObject({ status: 400 });
    expect(await show(id)).toMatchObject({ redrives: [] });
  });

  test('Temporal is away: 503, recorded as not delivered, and it stays', async () => {
    const payload = cancelled(newOrder());
    await publish('order', payload);
    const id = await quarantine(payload.orderId, JSON.stringify(payload));
    const connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
    const served = await serve({
      pools: api.db.pools,
      client: new Client({ connection }),
      temporalUiUrl: 'http://temporal.example',
      log: createLogger('test', 'silent'),
      stopping: new AbortController().signal,
    });
    const answer = await served.call('POST', `/quarantine/${id}/redrive`, { headers: { operator: 'Ann' } });
    await served.close();
    await connection.close();
    expect(answer).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
    expect(await show(id)).toMatchObject({ state: 'WAITING', redrives: [{ outcome: 'NOT_DELIVERED' }] });
  });

  test('another method is answered with 405', async () => {
    for (const [method, path, allow] of [
      ['POST', '/quarantine', 'GET, HEAD'],
      ['DELETE', '/quarantine/1', 'GET, HEAD'],
      ['GET', '/quarantine/1/redrive', 'POST'],
      ['GET', '/quarantine/1/dismissal', 'POST'],
      ['PUT', '/attention', 'GET, HEAD'],
      ['POST', '/operator-actions', 'GET, HEAD'],
    ] as const) {
      const answer = await api.call(method, path);
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
    }
  });
});
