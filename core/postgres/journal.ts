import { createHash } from 'node:crypto';
import type { Undelivered } from '../activity/effect.js';
import type { JournaledEvent } from '../activity/inspection.js';
import { leftToDeliver, type Outbox } from '../activity/outbox.js';
import type { DropCount, Journal, QuarantineEntry } from '../activity/store.js';
import { roleOf, sagaIdOf, workflowIdOf, type Choreography } from '../choreography.js';
import type { AnyEvent, EventId, SagaId } from '../event.js';
import type { Connection, Pool } from './pool.js';

/** The journal's tables (`journal.sql`) as one service sees them, within the transaction that `db` is in. */
export function journalOf(choreography: Choreography, service: string, db: Connection): Journal {
  const scope = { db, service, choreography, key: keyColumn(choreography) };
  return {
    find: (eventId, publisher) => findEvent(db, eventId, publisher),
    append: (event) => appendEvent(scope, event),
    undelivered: (sagaId) => undeliveredEvents(scope, sagaId),
    countDrop: (drop) => countDrop(scope, drop),
    quarantine: (entry) => quarantineSignal(scope, entry),
  };
}

/** The outbox of the service whose role `pool` logs in as. */
export const outboxOf = (pool: Pool): Outbox => ({
  find: (eventId) => findEvent(pool, eventId),
  markDelivered: (eventId, subscribers) => markDelivered(pool, eventId, subscribers),
});

/** The column that names the saga: `parcel_id` where the events have `parcelId`. */
export const keyColumn = ({ sagaKey }: Choreography): string =>
  sagaKey.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

interface Scope {
  readonly db: Connection;
  readonly service: string;
  readonly choreography: Choreography;
  readonly key: string;
}

/**
 * Undefined where the journal has no event of this id. Of several, the one that `publisher` wrote, which is a role and
 * by default the one that asks.
 */
export async function findEvent(
  db: Connection | Pool,
  eventId: EventId,
  publisher?: string,
): Promise<JournaledEvent | undefined> {
  const { rows } = await db.query<EventRecord>(
    `${selectEvents} where event.event_id = $1
     order by event.published_by = coalesce($2::text, session_user) desc, event.seq limit 1`,
    [eventId, publisher],
  );
  return rows[0] && toJournaled(rows[0]);
}

interface EventRecord {
  readonly type: string;
  readonly payload: never;
  readonly published_by: string;
  readonly cause_type: string | null;
  readonly delivered_to: readonly string[] | null;
}

const selectEvents = `select event.type, event.payload, event.published_by, cause.type as cause_type, event.delivered_to
  from journal.events event
  left join lateral (
    select type from journal.events where event_id = event.causation_id order by seq limit 1
  ) cause on true`;

const toJournaled = (record: EventRecord): JournaledEvent => ({
  event: { type: record.type, payload: record.payload },
  publishedBy: record.published_by,
  causeType: record.cause_type,
  deliveredTo: record.delivered_to,
});

/** Fails on a second event of the same id: an effect emits its event once. */
async function appendEvent({ db, key, choreography }: Scope, event: AnyEvent): Promise<void> {
  const { type, payload } = event;
  await db.query(
    `insert into journal.events
       (event_id, ${key}, type, version, correlation_id, causation_id, occurred_at, payload)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      payload.eventId,
      sagaIdOf(choreography, event),
      type,
      payload.version,
      payload.correlationId,
      payload.causationId,
      new Date(payload.occurredAt),
      JSON.stringify(payload),
    ],
  );
}

/** A service publishes a few events for a saga, so which of them are complete is told here and not in SQL. */
async function undeliveredEvents(
  { db, key, service, choreography }: Scope,
  sagaId: SagaId,
): Promise<readonly Undelivered[]> {
  const { rows } = await db.query<EventRecord>(
    `${selectEvents} where event.${key} = $1 and event.published_by = $2 order by event.seq`,
    [sagaId, roleOf(service)],
  );
  return rows
    .map(toJournaled)
    .filter((journaled) => leftToDeliver(choreography, journaled) !== undefined)
    .map(({ event }) => ({ eventId: event.payload.eventId, type: event.type }));
}

/** The time of the first delivery stays. */
async function markDelivered(
  db: Connection | Pool,
  eventId: EventId,
  subscribers: readonly string[],
): Promise<void> {
  await db.query(
    `update journal.events set delivered_at = coalesce(delivered_at, now()), delivered_to = $2 where event_id = $1`,
    [eventId, subscribers],
  );
}

async function countDrop({ db, key, service }: Scope, drop: DropCount): Promise<void> {
  await db.query(
    `insert into journal.drops (service, ${key}, event_id, run_id, why, seen)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (service, ${key}, event_id, run_id, why) do update
       set seen = greatest(journal.drops.seen, excluded.seen), last_seen_at = now()`,
    [service, drop.sagaId, drop.eventId, drop.runId, drop.why, drop.seen],
  );
}

async function quarantineSignal({ db, key, service }: Scope, entry: QuarantineEntry): Promise<void> {
  const digest = createHash('sha256').update(entry.body).digest('hex');
  await db.query(
    `insert into journal.quarantine
       (service, ${key}, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen, event_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (service, run_id, signal_name, reason, body_digest) do update
       set seen = greatest(journal.quarantine.seen, excluded.seen), last_seen_at = now()`,
    [
      service,
      entry.sagaId,
      workflowIdOf(service, entry.sagaId),
      entry.runId,
      storable(entry.signalName),
      entry.reason,
      storable(entry.detail),
      storable(entry.body),
      digest,
      entry.seen,
      entry.eventId,
    ],
  );
}

/** PostgreSQL's text holds no NUL; a signal from outside may. */
const storable = (text: string): string => text.replaceAll('\0', '\uFFFD');
