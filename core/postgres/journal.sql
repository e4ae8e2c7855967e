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
create index undelivered_events on journal.events (saga_id, published_by) where delivered_at is null;

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
  constraint one_row_per_run_and_body unique (service, run_id, signal_name, reason, body_digest)
);
create index quarantine_of_a_saga on journal.quarantine (saga_id);

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

-- Lets a service's role use the journal. Append-only: it may add events and mark the delivery of its own, nothing
-- else, and it cannot say who it is.
create function journal.admit(service_role name) returns void language plpgsql as $$
begin
  execute format('grant usage on schema journal to %I', service_role);
  execute format('grant select, update (delivered_at, delivered_to), insert
    (event_id, saga_id, type, version, correlation_id, causation_id, occurred_at, payload)
    on journal.events to %I', service_role);
  execute format('grant insert, update (seen, last_seen_at),
    select (service, run_id, signal_name, reason, body_digest, seen)
    on journal.quarantine to %I', service_role);
  execute format('grant insert, update (seen, last_seen_at),
    select (service, saga_id, event_id, run_id, why, seen)
    on journal.drops to %I', service_role);
end $$;
