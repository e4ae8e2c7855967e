import type { EventType } from '../../schemas/catalogue.js';
import type { EpochMillis, EventId } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Service } from '../../schemas/services.js';
import { millis } from '../epoch-millis.js';
import type { Pool } from '../../core/postgres/pool.js';

/** An event as published. `publisher` follows from the role that wrote it, not from its content. */
export interface EventView {
  readonly eventId: EventId;
  readonly type: EventType;
  readonly version: number;
  readonly publisher: Service;
  readonly causationId: EventId | null;
  readonly occurredAt: EpochMillis;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * The events of an order, in journal order, whatever their type. Left out are those that cannot be shown: no service
 * can write one.
 */
export async function listEvents(pool: Pool, orderId: OrderId): Promise<readonly EventView[]> {
  const { rows } = await pool.query<EventRecord>(
    `select event_id as "eventId", type, version, published_by as "publishedBy", causation_id as "causationId",
       ${millis('occurred_at')} as "occurredAt", payload
     from journal.events
     where order_id = $1 and journal.can_be_shown(version, occurred_at, payload) order by seq`,
    [orderId],
  );
  return rows.map(({ publishedBy, ...event }) => ({ ...event, publisher: publisherOf(publishedBy) }));
}

/** How many events of an order cannot be shown. */
export async function countUnreadable(pool: Pool, orderId: OrderId): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*) as count from journal.events
     where order_id = $1 and not journal.can_be_shown(version, occurred_at, payload)`,
    [orderId],
  );
  return rows[0]?.count ?? 0;
}

/** When the events of an order were forgotten; null while they are kept. */
export async function findForgottenAt(pool: Pool, orderId: OrderId): Promise<EpochMillis | null> {
  const { rows } = await pool.query<{ forgottenAt: EpochMillis }>(
    `select ${millis('forgotten_at')} as "forgottenAt" from retention.moments where order_id = $1`,
    [orderId],
  );
  return rows[0]?.forgottenAt ?? null;
}

type EventRecord = Omit<EventView, 'publisher'> & { readonly publishedBy: string };

/** The inverse of `roleOf`, also for a service that only a newer release knows. */
const publisherOf = (role: string): Service => role.replace(/_service$/, '') as Service;
