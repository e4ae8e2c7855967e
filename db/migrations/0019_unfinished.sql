-- Up Migration
drop index journal.undelivered_events;
create index undelivered_events on journal.events (published_by, recorded_at) where delivered_at is null;
create index delivered_events on journal.events (delivered_at) where delivered_at is not null;

-- Set where the refused signal was the journal's event of that id.
alter table journal.quarantine add column event_id uuid;
create index quarantined_events on journal.quarantine (event_id) where event_id is not null;

-- What a service has found unfinished of its own (R11), and what it has tried. Nobody does it for another service.
create table journal.unfinished (
  service text not null,
  order_id uuid not null,
  why text not null check (why in ('UNDELIVERED', 'DUE', 'UNHANDLED')),
  found_at timestamptz not null default now(),
  claimed_at timestamptz,
  -- How often Temporal has confirmed a signal.
  woken integer not null default 0 check (woken >= 0),
  -- Since when it needs a person (attention STUCK).
  stuck_at timestamptz,
  -- When it had come to rest; it may become unfinished again.
  rested_at timestamptz,
  primary key (service, order_id)
);
create index open_work on journal.unfinished (service, claimed_at nulls first) where rested_at is null;
create index stuck_work on journal.unfinished (order_id) where stuck_at is not null;

-- Up to when each service has checked what was delivered to it.
create table journal.sweeps (
  service text primary key,
  swept_until timestamptz not null default now()
);

alter table journal.unfinished enable row level security;
create policy everybody_reads on journal.unfinished for select using (true);
create policy record_ones_own on journal.unfinished for insert with check (service || '_service' = session_user);
create policy change_ones_own on journal.unfinished for update
  using (service || '_service' = session_user) with check (service || '_service' = session_user);
alter table journal.sweeps enable row level security;
create policy read_ones_own on journal.sweeps for select using (service || '_service' = session_user);
create policy change_ones_own on journal.sweeps for update
  using (service || '_service' = session_user) with check (service || '_service' = session_user);

-- Lets a service's role use the journal, and read its own faults. Append-only: it may add events and mark the delivery
-- of its own, nothing else, and it cannot say who it is. Of what is unfinished it changes its own.
create or replace function journal.admit(service_role name) returns void language plpgsql as $$
begin
  execute format('grant usage on schema journal, faults to %I', service_role);
  execute format('grant select, update (delivered_at, delivered_to), insert
    (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload)
    on journal.events to %I', service_role);
  execute format('grant update (seen, last_seen_at),
    insert (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen, event_id),
    select (service, order_id, run_id, signal_name, reason, body_digest, seen, event_id)
    on journal.quarantine to %I', service_role);
  execute format('grant update (seen, last_seen_at),
    insert (service, order_id, event_id, run_id, why, seen),
    select (service, order_id, event_id, run_id, why, seen)
    on journal.drops to %I', service_role);
  execute format('grant select, insert (service, order_id, why),
    update (why, found_at, claimed_at, woken, stuck_at, rested_at)
    on journal.unfinished to %I', service_role);
  execute format('grant select, update (swept_until) on journal.sweeps to %I', service_role);
  execute format('grant select (change_id, service, settings) on faults.changes to %I', service_role);
  -- Nothing was delivered to it before.
  insert into journal.sweeps (service) values (regexp_replace(service_role, '_service$', '')) on conflict do nothing;
end $$;
select journal.admit(role)
from unnest(array['order_service', 'payment_service', 'inventory_service', 'notification_service']) as role;

grant select on journal.unfinished to operator_service;
grant select (service, order_id, stuck_at, rested_at) on journal.unfinished to observer_service;
