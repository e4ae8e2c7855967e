-- Up Migration
create schema journal;
grant usage on schema journal to order_service, payment_service, inventory_service, notification_service;

-- Every published event, and the outbox at the same time: what has no delivery mark is still to be delivered.
create table journal.events (
  event_id uuid primary key,
  seq bigint generated always as identity unique,
  order_id uuid not null,
  type text not null,
  version integer not null,
  correlation_id uuid not null,
  causation_id uuid,
  occurred_at timestamptz not null,
  payload jsonb not null,
  published_by text not null default session_user,
  recorded_at timestamptz not null default now(),
  delivered_at timestamptz,
  constraint one_event_per_cause unique nulls not distinct (order_id, type, causation_id)
);
create index events_of_an_order on journal.events (order_id, seq);
create index undelivered_events on journal.events (order_id, published_by) where delivered_at is null;

-- Append-only: a service may add events and mark the delivery of its own, nothing else. It cannot say who it is.
grant select on journal.events to order_service, payment_service, inventory_service, notification_service;
grant insert (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload), update (delivered_at)
  on journal.events to order_service, payment_service, inventory_service, notification_service;
alter table journal.events enable row level security;
create policy everybody_reads on journal.events for select using (true);
create policy append_as_oneself on journal.events for insert with check (published_by = session_user);
create policy mark_own_deliveries on journal.events for update
  using (published_by = session_user) with check (published_by = session_user);

-- Signals that were refused, kept for an operator. One row per run and body, so that a repeated activity counts once.
create table journal.quarantine (
  quarantine_id bigint generated always as identity primary key,
  service text not null,
  order_id uuid not null,
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
create index quarantine_of_an_order on journal.quarantine (order_id);
grant insert, update (seen, last_seen_at), select (service, run_id, signal_name, reason, body_digest, seen)
  on journal.quarantine to order_service, payment_service, inventory_service, notification_service;

-- Events that changed nothing: repeats and the too late. `seen` counts within one run, so a repeated activity counts once.
create table journal.drops (
  service text not null,
  order_id uuid not null,
  event_id uuid not null,
  run_id text not null,
  why text not null check (why in ('REPEAT', 'NO_EFFECT')),
  seen integer not null check (seen > 0),
  last_seen_at timestamptz not null default now(),
  primary key (service, order_id, event_id, run_id, why)
);
grant insert, update (seen, last_seen_at), select (service, order_id, event_id, run_id, why, seen)
  on journal.drops to order_service, payment_service, inventory_service, notification_service;
