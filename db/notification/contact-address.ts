import type { CustomerId } from '../../schemas/ids.js';
import type { Pool } from '../pool.js';

/** Where to reach a customer; undefined where no contact is known. */
export async function findEmail(pool: Pool, customerId: CustomerId): Promise<string | undefined> {
  const { rows } = await pool.query<{ email: string }>(
    `select email from notification.contacts where customer_id = $1`,
    [customerId],
  );
  return rows[0]?.email;
}
