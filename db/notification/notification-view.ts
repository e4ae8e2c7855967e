import type { EpochMillis } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import { millis } from '../epoch-millis.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { NotificationInHand } from './notification-row.js';

/** How far telling the customer has come; `attempts` counts those of all rounds. */
export interface NotificationView {
  readonly orderId: OrderId;
  readonly status: NotificationInHand['status'];
  readonly attempts: number;
  readonly sentAt: EpochMillis | null;
}

/** One at most: an order has one notification. A row that was only made to be locked is none. */
export async function listNotifications(pool: Pool, orderId: OrderId): Promise<readonly NotificationView[]> {
  const { rows } = await pool.query<NotificationView>(
    `select order_id as "orderId", status,
       (select count(*) from notification.attempts attempt where attempt.order_id = notification.order_id) as attempts,
       ${millis('sent_at')} as "sentAt"
     from notification.notifications notification where order_id = $1 and status <> 'NOTHING'`,
    [orderId],
  );
  return rows;
}
