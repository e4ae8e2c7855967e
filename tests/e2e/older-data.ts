import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { startPostgres } from '../../platform/embedded-postgres.js';
import { forgetLimits } from '../support/forget-limits.js';

const passwordsFile = (dataDir: string) => path.join(dataDir, 'service-passwords.json');

export const readPasswords = async (dataDir: string) =>
  JSON.parse(await readFile(passwordsFile(dataDir), 'utf8')) as Record<string, string>;

/** Takes from the stopped system what the version before operators and observers did not have. */
export async function forgetOperators(dataDir: string): Promise<void> {
  const { operator, observer, ...others } = await readPasswords(dataDir);
  expect(operator).toMatch(/.{20}/);
  expect(observer).toMatch(/.{20}/);
  await writeFile(passwordsFile(dataDir), JSON.stringify(others));
  const postgres = await startPostgres({ dataDir });
  const owner = new pg.Client({ connectionString: postgres.ownerUrl });
  await owner.connect();
  try {
    await owner.query(`
      ${forgetLimits}
      drop schema retention cascade;
      drop function journal.forget, journal.at_rest, journal.waits, journal.inboxes;
      drop index orders.applied_to_an_order, payment.applied_to_an_order, inventory.applied_to_an_order,
        notification.applied_to_an_order;
      drop schema faults cascade;
      drop schema feed cascade;
      drop table journal.operator_actions;
      drop index journal.quarantine_by_age;
      drop index notification.retries_of_an_order;
      drop index journal.moments_in_the_journal, orders.completions, orders.open_orders, journal.drops_of_an_order;
      drop index orders.newest_failures, orders.newest_orders_with_a_reason, orders.newest_failures_of_a_customer,
        orders.newest_orders_of_a_customer_with_a_reason, orders.newest_orders_of_a_customer_in_a_status;
      drop owned by operator_service, observer_service;
      drop role operator_service, observer_service;
      alter table journal.events drop column delivered_to;
      -- An order was dated by the clock of its workflow, before its event was recorded.
      update orders.orders set created_at = created_at - interval '1 s';
      drop table journal.unfinished, journal.sweeps;
      drop index journal.delivered_events;
      alter table journal.quarantine drop column event_id;
      alter table orders.orders drop column due_at;
      alter table payment.payments drop column due_at;
      alter table notification.notifications drop column due_at;
      drop index notification.parked_notifications;
      drop function if exists journal.admit;
      drop policy append_ones_own on journal.events;
      create policy append_as_oneself on journal.events for insert with check (published_by = session_user);
      drop policy ones_own on journal.quarantine;
      drop policy ones_own on journal.drops;
      drop table journal.publishers, orders.claims;
      drop function journal.event_id_of, journal.can_be_shown, journal.count_up cascade;
      drop extension pgcrypto;
      grant insert, update (seen, last_seen_at) on journal.quarantine, journal.drops
        to order_service, payment_service, inventory_service, notification_service;
      reassign owned by order_saga_owner to postgres;
      drop owned by order_saga_owner;
      drop role order_saga_owner;
      delete from migrations where name >= '0006'`);
  } finally {
    await owner.end();
    await postgres.stop();
  }
}
