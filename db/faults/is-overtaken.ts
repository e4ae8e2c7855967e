import { choreography, eventTypes } from '../../schemas/catalogue.js';
import { isAddressedTo } from '../../core/choreography.js';
import type { EventId } from '../../core/event.js';
import type { Pool } from '../../core/postgres/pool.js';

/** Whether a later event of the same order, from any publisher, has been delivered to this subscriber. */
export async function isOvertaken(pool: Pool, eventId: EventId, subscriber: string): Promise<boolean> {
  const itsTypes = eventTypes.filter((type) => isAddressedTo(choreography, type, subscriber));
  const { rowCount } = await pool.query(
    `select from journal.events this
     join journal.events later on later.order_id = this.order_id and later.seq > this.seq
     where this.event_id = $1 and later.type = any ($2) and later.delivered_at is not null limit 1`,
    [eventId, itsTypes],
  );
  return rowCount === 1;
}
