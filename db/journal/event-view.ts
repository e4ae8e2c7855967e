import type { EventType } from '../../schemas/catalogue.js';
import type { EpochMillis, EventId } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import { roleOf } from '../../core/choreography.js';
import { services, type Service } from '../../schemas/services.js';
import { millis } from '../epoch-millis.js';
import type { Pool } from '../../core/postgres/pool.js';

/** An event as it was published; `publisher` is told by the role that wrote it, not by what it says. */
export interface EventView {
  readonly eventId: EventId;
  readonly type: EventType;
  readonly version: number;
  readonly publisher: Service;
  readonly causationId: EventId | null;
  readonly occurredAt: EpochMillis;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What was published for an order, in the journal's order. */
export async function listEvents(pool: Pool, orderId: OrderId): Promise<readonly EventView[]> {
  const { rows } = await pool.query<EventRecord>(
    `select event_id as "eventId", type, version, published_by as "publishedBy", causation_id as "causationId",
       ${millis('occurred_at')} as "occurredAt", payload
     from journal.events where order_id = $1 order by seq`,
    [orderId],
  );
  return rows.map(({ publishedBy, ...event }) => ({ ...event, publisher: serviceOf(publishedBy) }));
}

type EventRecord = Omit<EventView, 'publisher'> & { readonly publishedBy: string };

function serviceOf(role: string): Service {
  const service = services.find((candidate) => roleOf(candidate) === role);
  if (service === undefined) throw new Error(`the journal holds an event written by ${role}`);
  return service;
}
