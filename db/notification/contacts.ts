import type { CustomerId } from '../../schemas/ids.js';
import type { Pool } from '../../core/postgres/pool.js';

export interface Contact {
  readonly customerId: CustomerId;
  readonly email: string;
}

export async function findContact(pool: Pool, customerId: CustomerId): Promise<Contact | undefined> {
  const { rows } = await pool.query<Contact>(
    `select customer_id as "customerId", email from notification.contacts where customer_id = $1`,
    [customerId],
  );
  return rows[0];
}

/** Creates the contact, or changes the address; mails on their way still go to the old one. */
export async function saveContact(pool: Pool, { customerId, email }: Contact): Promise<void> {
  await pool.query(
    `insert into notification.contacts (customer_id, email) values ($1, $2)
     on conflict (customer_id) do update set email = excluded.email`,
    [customerId, email],
  );
}
