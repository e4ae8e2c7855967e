import { createHash } from 'node:crypto';
import type { EventType } from '../../schemas/catalogue.js';
import type { SagaEvent } from '../../schemas/event.js';
import type { EventId, OrderId } from '../../schemas/ids.js';
import type { JournaledEvent } from '../../schemas/inspection.js';
import { roleOf, workflowIdOf, type Service } from '../../schemas/services.js';
import type { Connection, Pool } from '../pool.js';
import type { DropCount, JournalTables, QuarantineEntry, Undelivered } from '../store.js';

/** The journal as one service sees it, within the transaction that `db` is in. */
export function journalTables(db: Connection, service: Service): JournalTables {
  return {
    find: (eventId) => findEvent(db, eventId),
    append: (event) => appendEvent(db, event),
    undelivered: (orderId) => undeliveredEvents(db, orderId, service),
    countDrop: (drop) => countDrop(db, service, drop),
    quarantine: (entry) => quarantineSignal(db, service, entry),
  };
}

/** Undefined where the journal has no event of this id. */
export async function findEvent(
  db: Connection | Pool,
  eventId: EventId,
): Promise<JournaledEvent | undefined> {
  const { rows } = await db.query<{
    type: EventType;
    payload: never;
    published_by: string;
    cause_type: EventType | null;
    delivered: boolean;
  }>(
    `select event.type, event.payload, event.published_by, cause.type as cause_type,
            event.delivered_at is not null as delivered
     from journal.events event
     left join journal.events cause on cause.event_id = event.causation_id
     where event.event_id = $1`,
    [eventId],
  );
  const [row] = rows;
  if (!row) return undefined;
  return {
    event: { type: row.type, payload: row.payload },
    publishedBy: row.published_by,
    causeType: row.cause_type,
    delivered: row.delivered,
  };
}

/** Fails on a second event of the same id: a step writes its answer once. */
async function appendEvent(db: Connection, { type, payload }: SagaEvent): Promise<void> {
  await db.query(
    `insert into journal.events
       (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      payload.eventId,
      payload.orderId,
      type,
      payload.version,
      payload.correlationId,
      payload.causationId,
      new Date(payload.occurredAt),
      JSON.stringify(payload),
    ],
  );
}

async function undeliveredEvents(
  db: Connection,
  orderId: OrderId,
  service: Service,
): Promise<readonly Undelivered[]> {
  const { rows } = await db.query<Undelivered>(
    `select event_id as "eventId", type from journal.events
     where order_id = $1 and published_by = $2 and delivered_at is null
     order by seq`,
    [orderId, roleOf(service)],
  );
  return rows;
}

/** Sets the mark once; the time of the first delivery stays. */
export async function markDelivered(db: Connection | Pool, eventId: EventId): Promise<void> {
  await db.query(
    `update journal.events set delivered_at = now() where event_id = $1 and delivered_at is null`,
    [eventId],
  );
}

async function countDrop(db: Connection, service: Service, drop: DropCount): Promise<void> {
  await db.query(
    `insert into journal.drops (service, order_id, event_id, run_id, why, seen)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (service, order_id, event_id, run_id, why) do update
       set seen = greatest(journal.drops.seen, excluded.seen), last_seen_at = now()`,
    [service, drop.orderId, drop.eventId, drop.runId, drop.why, drop.seen],
  );
}

async function quarantineSignal(db: Connection, service: Service, entry: QuarantineEntry): Promise<void> {
  const digest = createHash('sha256').update(entry.body).digest('hex');
  await db.query(
    `insert into journal.quarantine
       (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (service, run_id, signal_name, reason, body_digest) do update
       set seen = greatest(journal.quarantine.seen, excluded.seen), last_seen_at = now()`,
    [
      service,
      entry.orderId,
      workflowIdOf(service, entry.orderId),
      entry.runId,
      storable(entry.signalName),
      entry.reason,
      storable(entry.detail),
      storable(entry.body),
      digest,
      entry.seen,
    ],
  );
}

/** PostgreSQL's text holds no NUL; a stranger's signal may. */
const storable = (text: string): string => text.replaceAll('\0', '\uFFFD');
