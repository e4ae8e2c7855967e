import { eventTypes, subscribersOf } from '../../schemas/catalogue.js';
import type { EventId } from '../../schemas/ids.js';
import type { Service } from '../../schemas/services.js';
import type { Pool } from '../pool.js';

/** Whether a later event of the same order, from any publisher, has been delivered to this subscriber. */
export async function isOvertaken(pool: Pool, eventId: EventId, subscriber: Service): Promise<boolean> {
  const itsTypes = eventTypes.filter((type) => subscribersOf(type, null).includes(subscriber));
  const { rowCount } = await pool.query(
    `select from journal.events this
     join journal.events later on later.order_id = this.order_id and later.seq > this.seq
     where this.event_id = $1 and later.type = any ($2) and later.delivered_at is not null limit 1`,
    [eventId, itsTypes],
  );
  return rowCount === 1;
}
