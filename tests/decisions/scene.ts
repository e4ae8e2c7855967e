import { randomUUID } from 'node:crypto';
import type { EffectContext } from '../../core/activity/effect.js';
import { journalOf } from '../../core/postgres/journal.js';
import { withTransaction } from '../../core/postgres/transaction.js';
import { catalogue, choreography, type EventType } from '../../schemas/catalogue.js';
import type { SagaEvent } from '../../schemas/event.js';
import type { EpochMillis, EventId } from '../../core/event.js';
import { eventIdOf } from '../../core/event-id.js';
import type { Connection } from '../../core/postgres/pool.js';
import type { OrderId } from '../../schemas/ids.js';
import { validateEvent } from '../../schemas/registry.js';
import { roleOf } from '../../core/choreography.js';
import { type Service } from '../../schemas/services.js';
import { examples, type Json } from '../schemas/examples.js';
import type { TestDatabase } from '../support/database.js';

export interface EmittedView {
  readonly type: string;
  readonly reason: string | null;
  readonly uncertain: boolean | null;
  /** The type of the event that caused it. */
  readonly causedBy: string | null;
}

/** One order in one database, and a clock that only a test moves. */
export interface Scene {
  readonly db: TestDatabase;
  readonly orderId: OrderId;
  readonly context: () => EffectContext;
  /** Moves the clock forward, in ms. */
  pass(ms: number): void;
  /** An event as its publisher would have stored it, each of another cause and so of another id; `by` is a liar. */
  publish<Type extends EventType>(type: Type, data?: Json, by?: Service): Promise<SagaEvent<Type>>;
  /** The same, but nobody has stored it. */
  invent<Type extends EventType>(type: Type, data?: Json): SagaEvent<Type>;
  /** The event that was published last. */
  last(): SagaEvent | undefined;
  eventsOf(service: Service): Promise<readonly EmittedView[]>;
  /** How many events were dropped because they change nothing. */
  withoutEffect(): Promise<number>;
}

const krw = (amount: number) => ({ amount, currency: 'KRW' });

/** Several pieces of several products for alice: neither a price nor a quantity is the total. */
export const ordered = {
  customerId: 'alice',
  items: [
    { sku: 'mouse', quantity: 3, unitPrice: krw(2_500) },
    { sku: 'keyboard', quantity: 2, unitPrice: krw(1_200) },
  ],
  total: krw(9_900),
};

/** How many pieces of each product were ordered. */
export const piecesOrdered = Object.fromEntries(ordered.items.map(({ sku, quantity }) => [sku, quantity]));

/** In the year 2100, ahead of the database's clock: only the scene's own says what time it is. */
const LATER_THAN_NOW = 4_102_444_800_000;

/** `startsAt` matters only to those who compare it with a clock of their own. */
export function createScene(db: TestDatabase, startsAt = LATER_THAN_NOW): Scene {
  const orderId = randomUUID() as OrderId;
  const runId = randomUUID();
  let now = startsAt;
  let last: SagaEvent | undefined;
  const invent: Scene['invent'] = (type, data = {}) => {
    const own = 'items' in examples[type] ? ordered : {};
    const wait = 'answerBy' in examples[type] ? { answerBy: now + 300_000 } : {};
    const causationId = (data['causationId'] ?? randomUUID()) as EventId;
    const eventId = eventIdOf(orderId, type, causationId);
    const ids = { eventId, orderId, causationId, occurredAt: now };
    const validation = validateEvent(type, { ...examples[type], ...own, ...wait, ...ids, ...data });
    if (!validation.ok) throw new Error(JSON.stringify(validation.problems));
    return { type, payload: validation.payload };
  };
  return {
    db,
    orderId,
    context: () => ({
      sagaId: orderId,
      runId,
      now: now as EpochMillis,
      seen: 1,
      malformed: [],
    }),
    pass: (ms) => void (now += ms),
    publish: async (type, data, by = catalogue[type].publisher) => {
      const event = invent(type, data);
      const isLie = by !== catalogue[type].publisher;
      await withTransaction(isLie ? db.owner : db.pools[by], async (tx) => {
        await journalOf(choreography, by, tx).append(event);
        // No service could write this; whoever owns the journal can.
        if (isLie) await attribute(tx, event.payload.eventId, by);
      });
      last = event as SagaEvent;
      return event;
    },
    invent,
    last: () => last,
    eventsOf: async (service) => {
      const { rows } = await db.owner.query<EmittedView>(
        `select event.type, event.payload->>'reason' as reason,
                (event.payload->>'uncertain')::boolean as uncertain, cause.type as "causedBy"
         from journal.events event left join journal.events cause on cause.event_id = event.causation_id
         where event.order_id = $1 and event.published_by = $2 order by event.seq`,
        [orderId, roleOf(service)],
      );
      return rows;
    },
    withoutEffect: async () => {
      const { rows } = await db.owner.query<{ seen: string }>(
        `select coalesce(sum(seen), 0) as seen from journal.drops where order_id = $1 and why = 'NO_EFFECT'`,
        [orderId],
      );
      return Number(rows[0]?.seen);
    },
  };
}

const attribute = (db: Connection, eventId: EventId, service: Service) =>
  db.query(`update journal.events set published_by = $2 where event_id = $1`, [eventId, roleOf(service)]);
