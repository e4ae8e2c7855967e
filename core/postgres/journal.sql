-- The journal of a choreography. `saga_id` stands for the column that names the saga: `createJournal` writes the
-- choreography's own name there (`parcel_id` for the key `parcelId`).
create schema journal;

-- Every published event, and the outbox at the same time: what has no delivery mark is still to be delivered.
create table journal.events (
  event_id uuid primary key,
  seq bigint generated always as identity unique,
  saga_id uuid not null,
  type text not null,
  version integer not null,
  correlation_id uuid not null,
  causation_id uuid,
  occurred_at timestamptz not null,
  payload jsonb not null,
  published_by text not null default session_user,
  recorded_at timestamptz not null default now(),
  delivered_at timestamptz,
  -- To whom, by service: a publisher of before a rollout does not know a new subscriber.
  delivered_to text[],
  constraint delivered_to_somebody check ((delivered_at is null) = (delivered_to is null)),
  constraint one_event_per_cause unique nulls not distinct (saga_id, type, causation_id)
);
create index events_of_a_saga on journal.events (saga_id, seq);
create index undelivered_events on journal.events (published_by, recorded_at) where delivered_at is null;
create index delivered_events on journal.events (delivered_at) where delivered_at is not null;

alter table journal.events enable row level security;
create policy everybody_reads on journal.events for select using (true);
create policy append_as_oneself on journal.events for insert with check (published_by = session_user);
create policy mark_own_deliveries on journal.events for update
  using (published_by = session_user) with check (published_by = session_user);

-- Refused signals, kept for an operator. One row per run and body, so that a repeated activity counts once.
create table journal.quarantine (
  quarantine_id bigint generated always as identity primary key,
  service text not null,
  saga_id uuid not null,
  workflow_id text not null,
  run_id text not null,
  signal_name text not null,
  reason text not null,
  detail text not null,
  body text not null,
  body_digest text not null,
  seen integer not null check (seen > 0),
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  -- Set where the refused signal was the journal's event of that id.
  event_id uuid,
  constraint one_row_per_run_and_body unique (service, run_id, signal_name, reason, body_digest)
);
create index quarantine_of_a_saga on journal.quarantine (saga_id);
create index quarantined_events on journal.quarantine (event_id) where event_id is not null;

-- Events that changed nothing: repeats, and those that came too late. `seen` counts within one run.
create table journal.drops (
  service text not null,
  saga_id uuid not null,
  event_id uuid not null,
  run_id text not null,
  why text not null check (why in ('REPEAT', 'NO_EFFECT')),
  seen integer not null check (seen > 0),
  last_seen_at timestamptz not null default now(),
  primary key (service, saga_id, event_id, run_id, why)
);

-- What a service has found unfinished of its own (R11), and what it has tried. Nobody does it for another service.
create table journal.unfinished (
  service text not null,
  saga_id uuid not null,
  why text not null check (why in ('UNDELIVERED', 'DUE', 'UNHANDLED')),
  found_at timestamptz not null default now(),
  claimed_at timestamptz,
  -- How often Temporal has confirmed a signal.
  woken integer not null default 0 check (woken >= 0),
  -- Since when it needs a person (attention STUCK).
  stuck_at timestamptz,
  -- When it had come to rest; it may become unfinished again.
  rested_at timestamptz,
  primary key (service, saga_id)
);
create index open_work on journal.unfinished (service, claimed_at nulls first) where rested_at is null;
create index stuck_work on journal.unfinished (saga_id) where stuck_at is not null;

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

-- Lets a service's role use the journal. Append-only: it may add events and mark the delivery of its own, nothing
-- else, and it cannot say who it is. Of what is unfinished it changes its own.
create function journal.admit(service_role name) returns void language plpgsql as $$
begin
  execute format('grant usage on schema journal to %I', service_role);
  execute format('grant select, update (delivered_at, delivered_to), insert
    (event_id, saga_id, type, version, correlation_id, causation_id, occurred_at, payload)
    on journal.events to %I', service_role);
  execute format('grant insert, update (seen, last_seen_at),
    select (service, run_id, signal_name, reason, body_digest, seen, event_id)
    on journal.quarantine to %I', service_role);
  execute format('grant insert, update (seen, last_seen_at),
    select (service, saga_id, event_id, run_id, why, seen)
    on journal.drops to %I', service_role);
  execute format('grant select, insert (service, saga_id, why),
    update (why, found_at, claimed_at, woken, stuck_at, rested_at)
    on journal.unfinished to %I', service_role);
  execute format('grant select, update (swept_until) on journal.sweeps to %I', service_role);
  -- Nothing was delivered to it before.
  insert into journal.sweeps (service) values (regexp_replace(service_role, '_service$', '')) on conflict do nothing;
end $$;
