-- Up Migration
-- The migration that creates a service's tables also admits its role, so that no list of services has to grow.

-- Lets a service's role use the journal, and read its own faults. Append-only: it may add events and mark the delivery
-- of its own, nothing else, and it cannot say who it is.
create function journal.admit(service_role name) returns void language plpgsql as $$
begin
  execute format('grant usage on schema journal, faults to %I', service_role);
  execute format('grant select, update (delivered_at, delivered_to), insert
    (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload)
    on journal.events to %I', service_role);
  execute format('grant insert, update (seen, last_seen_at),
    select (service, run_id, signal_name, reason, body_digest, seen)
    on journal.quarantine to %I', service_role);
  execute format('grant insert, update (seen, last_seen_at),
    select (service, order_id, event_id, run_id, why, seen)
    on journal.drops to %I', service_role);
  execute format('grant select (change_id, service, settings) on faults.changes to %I', service_role);
end $$;
revoke execute on function journal.admit from public;

-- The API allows no other services than those that there are.
alter table faults.changes drop constraint changes_service_check,
  add constraint changes_service_check check (service ~ '^[a-z_]+$');
drop policy read_ones_own on faults.changes;
create policy read_ones_own on faults.changes for select using (session_user = service || '_service');
