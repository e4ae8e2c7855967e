-- The journal of a choreography. `saga_id` stands for the column that names the saga: `createJournal` writes the
-- choreography's own name there (`parcel_id` for the key `parcelId`).
create schema journal;

-- For SHA-1, which version 5 of a UUID is made with.
create extension if not exists pgcrypto;

-- Who publishes which event: the catalogue, which `writePublishers` copies here. Only the owner writes it.
create table journal.publishers (
  type text primary key,
  published_by text not null
);
grant select on journal.publishers to public;

-- The id that an event of this type and cause has in this saga, as `core/event-id.ts` makes it.
create function journal.event_id_of(saga_id uuid, type text, causation_id uuid) returns uuid immutable
return (
  select encode(set_byte(set_byte(substring(hash for 16),
    6, get_byte(hash, 6) & 15 | 80), 8, get_byte(hash, 8) & 63 | 128), 'hex')::uuid
  from digest(uuid_send('6f1c1f5e-3a8e-4d0c-9a57-0c9f4f1b7b1e') || convert_to(
    concat_ws(E'\n', saga_id, type, coalesce(causation_id::text, 'no cause')), 'UTF8'), 'sha1') hash);

-- Whether an event can be shown: whoever reads the journal may rely on it.
create function journal.can_be_shown(version integer, occurred_at timestamptz, payload jsonb) returns boolean immutable
return version > 0 and occurred_at >= '1970-01-01Z' and occurred_at < '10000-01-01Z'
  and jsonb_typeof(payload) = 'object' and not jsonb_path_exists(payload, 'strict $.**{32}');

-- Every published event, and the outbox at the same time: what has no delivery mark is still to be delivered.
create table journal.events (
  event_id uuid not null,
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
  -- With the publisher in each key, nobody can take a key that another service needs.
  primary key (event_id, published_by),
  constraint one_event_per_cause unique nulls not distinct (saga_id, type, causation_id, published_by)
);
create index events_of_a_saga on journal.events (saga_id, seq);
create index undelivered_events on journal.events (published_by, recorded_at) where delivered_at is null;
create index delivered_events on journal.events (delivered_at) where delivered_at is not null;

alter table journal.events enable row level security;
create policy everybody_reads on journal.events for select using (true);
-- A service appends the types that it publishes, under their own ids, so that an id proves type, cause and publisher.
create policy append_ones_own on journal.events for insert with check (
  published_by = session_user
  and exists (select from journal.publishers known
              where known.type = events.type and known.published_by = events.published_by)
  and event_id = journal.event_id_of(saga_id, type, causation_id)
  and journal.can_be_shown(version, occurred_at, payload));
create policy mark_own_deliveries on journal.events for update using (published_by = session_user)
  with check (published_by = session_user and isfinite(delivered_at) is not false);

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
-- What is open now, whatever was stuck once and has come to rest.
create index still_stuck on journal.unfinished (saga_id) where stuck_at is not null and rested_at is null;

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

-- A service sees and counts its own refusals and drops only. The counts grow, and the database sets the times.
alter table journal.quarantine enable row level security;
alter table journal.drops enable row level security;
create policy ones_own on journal.quarantine using (session_user = service || '_service');
create policy ones_own on journal.drops using (session_user = service || '_service');

create function journal.count_up() returns trigger language plpgsql as $$
begin
  if new.seen < old.seen then
    raise check_violation using message = 'a count only grows', constraint = 'a_count_only_grows';
  end if;
  new.last_seen_at := now();
  return new;
end $$;
create trigger a_count_only_grows before update on journal.quarantine
  for each row execute function journal.count_up();
create trigger a_count_only_grows before update on journal.drops
  for each row execute function journal.count_up();

-- Lets a service's role use the journal. Append-only: it may add events and mark the delivery of its own, nothing
-- else, and it cannot say who it is. Of what is unfinished it changes its own.
create function journal.admit(service_role name) returns void language plpgsql as $$
begin
  execute format('grant usage on schema journal to %I', service_role);
  execute format('grant select, update (delivered_at, delivered_to), insert
    (event_id, saga_id, type, version, correlation_id, causation_id, occurred_at, payload)
    on journal.events to %I', service_role);
  execute format('grant update (seen, last_seen_at),
    insert (service, saga_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen, event_id),
    select (service, saga_id, run_id, signal_name, reason, body_digest, seen, event_id)
    on journal.quarantine to %I', service_role);
  execute format('grant update (seen, last_seen_at),
    insert (service, saga_id, event_id, run_id, why, seen),
    select (service, saga_id, event_id, run_id, why, seen)
    on journal.drops to %I', service_role);
  execute format('grant select, insert (service, saga_id, why),
    update (why, found_at, claimed_at, woken, stuck_at, rested_at)
    on journal.unfinished to %I', service_role);
  execute format('grant select, update (swept_until) on journal.sweeps to %I', service_role);
  -- Nothing was delivered to it before.
  insert into journal.sweeps (service) values (regexp_replace(service_role, '_service$', '')) on conflict do nothing;
end $$;
revoke execute on function journal.admit from public;

-- What has been at rest for long may be forgotten: its events, and what services remember of having applied them. The
-- rows that decide stay (R1). Only the owner may call these functions, and whoever it lets.

-- The tables of what was applied: each is called `inbox`, and the role of one service writes it.
create function journal.inboxes() returns table (service text, name text) stable language sql as $$
  select known.service, format('%I.inbox', nspname)
  from journal.sweeps known
  join pg_roles role on rolname = known.service || '_service'
  join pg_class class on relname = 'inbox' and relkind = 'r' and has_table_privilege(role.oid, class.oid, 'insert')
  join pg_namespace schema on schema.oid = relnamespace
$$;

-- The tables whose column `due_at` says when the wait that a row is in ends.
create function journal.waits() returns table (name text) stable language sql as $$
  select format('%I.%I', nspname, relname)
  from pg_attribute
  join pg_class class on class.oid = attrelid and relkind = 'r'
  join pg_namespace schema on schema.oid = relnamespace
  where attname = 'due_at' and attnum > 0 and not attisdropped
    and format('%I.inbox', nspname) in (select name from journal.inboxes())
$$;

-- Those of the sagas for which nothing is to be done any more, and nothing has happened since: every event was delivered,
-- has been applied by all whom it was delivered to, and is older; no row waits; no service has unfinished work.
create function journal.at_rest(sagas uuid[], before timestamptz) returns uuid[] stable language plpgsql as $$
declare
  resting uuid[];
  inbox record;
  waiting record;
begin
  resting := array(
    select saga from unnest(sagas) saga
    where not exists (select from journal.events event where event.saga_id = saga
        and (event.delivered_at is null or event.delivered_at >= before or event.recorded_at >= before))
      and not exists (select from journal.sweeps known
        join journal.unfinished work on work.service = known.service and work.saga_id = saga
        where work.rested_at is null));
  for inbox in select * from journal.inboxes() loop
    execute format(
      'select array(select saga from unnest($1) saga where not exists (select from journal.events event
         where event.saga_id = saga and $2 = any (event.delivered_to)
           and not exists (select from %s handled where handled.key = event.event_id::text)))', inbox.name)
      into resting using resting, inbox.service;
  end loop;
  for waiting in select * from journal.waits() loop
    execute format(
      'select array(select saga from unnest($1) saga where not exists (select from %s waiting
         where waiting.saga_id = saga and waiting.due_at is not null))', waiting.name)
      into resting using resting;
  end loop;
  return resting;
end $$;

-- Forgets sagas, which must be at rest; returns how many rows that were. In one transaction: an event without its inbox
-- rows would be signalled again (R11).
create function journal.forget(sagas uuid[]) returns bigint language plpgsql as $$
declare
  forgotten bigint := 0;
  more bigint;
  inbox record;
begin
  for inbox in select * from journal.inboxes() loop
    execute format('delete from %s where saga_id = any ($1)', inbox.name) using sagas;
    get diagnostics more = row_count;
    forgotten := forgotten + more;
  end loop;
  with events as (delete from journal.events where saga_id = any (sagas) returning 1),
    drops as (delete from journal.drops where saga_id = any (sagas) returning 1),
    refused as (delete from journal.quarantine where saga_id = any (sagas) returning 1),
    unfinished as (delete from journal.unfinished
      where saga_id = any (sagas) and service in (select service from journal.sweeps) returning 1)
  select count(*) into more from (select from events union all select from drops
    union all select from refused union all select from unfinished) gone;
  return forgotten + more;
end $$;

revoke execute on function journal.inboxes, journal.waits, journal.at_rest, journal.forget from public;
