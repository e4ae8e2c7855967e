-- Up Migration
-- For SHA-1, which version 5 of a UUID is made with.
create extension if not exists pgcrypto;

-- Who publishes which event: the catalogue, which every migration copies here. Only the owner writes it.
create table journal.publishers (
  type text primary key,
  published_by text not null
);
grant select on journal.publishers to public;

-- The id that an event of this type and cause has in this order, as `core/event-id.ts` makes it.
create function journal.event_id_of(order_id uuid, type text, causation_id uuid) returns uuid immutable
return (
  select encode(set_byte(set_byte(substring(hash for 16),
    6, get_byte(hash, 6) & 15 | 80), 8, get_byte(hash, 8) & 63 | 128), 'hex')::uuid
  from digest(uuid_send('6f1c1f5e-3a8e-4d0c-9a57-0c9f4f1b7b1e') || convert_to(
    concat_ws(E'\n', order_id, type, coalesce(causation_id::text, 'no cause')), 'UTF8'), 'sha1') hash);

-- Whether an event can be shown: whoever reads the journal may rely on it.
create function journal.can_be_shown(version integer, occurred_at timestamptz, payload jsonb) returns boolean immutable
return version > 0 and occurred_at >= '1970-01-01Z' and occurred_at < '10000-01-01Z'
  and jsonb_typeof(payload) = 'object' and not jsonb_path_exists(payload, 'strict $.**{32}');

-- With the publisher in each key, nobody can take a key that another service needs.
alter table journal.events
  drop constraint events_pkey, add primary key (event_id, published_by),
  drop constraint one_event_per_cause,
  add constraint one_event_per_cause unique nulls not distinct (order_id, type, causation_id, published_by);

-- A service appends the types that it publishes, under their own ids, so that an id proves type, cause and publisher.
drop policy append_as_oneself on journal.events;
create policy append_ones_own on journal.events for insert with check (
  published_by = session_user
  and exists (select from journal.publishers known
              where known.type = events.type and known.published_by = events.published_by)
  and event_id = journal.event_id_of(order_id, type, causation_id)
  and journal.can_be_shown(version, occurred_at, payload));
drop policy mark_own_deliveries on journal.events;
create policy mark_own_deliveries on journal.events for update using (published_by = session_user)
  with check (published_by = session_user and isfinite(delivered_at) is not false);

-- A service sees and counts its own refusals and drops only. The counts grow, and the database sets the times.
alter table journal.quarantine enable row level security;
alter table journal.drops enable row level security;
create policy ones_own on journal.quarantine using (session_user = service || '_service');
create policy ones_own on journal.drops using (session_user = service || '_service');
create policy operators_and_observers_read on journal.quarantine for select to operator_service, observer_service
  using (true);
create policy observers_read on journal.drops for select to observer_service using (true);

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

create or replace function journal.admit(service_role name) returns void language plpgsql as $$
begin
  execute format('grant usage on schema journal, faults to %I', service_role);
  execute format('grant select, update (delivered_at, delivered_to), insert
    (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload)
    on journal.events to %I', service_role);
  execute format('grant update (seen, last_seen_at),
    insert (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen),
    select (service, order_id, run_id, signal_name, reason, body_digest, seen)
    on journal.quarantine to %I', service_role);
  execute format('grant update (seen, last_seen_at),
    insert (service, order_id, event_id, run_id, why, seen),
    select (service, order_id, event_id, run_id, why, seen)
    on journal.drops to %I', service_role);
  execute format('grant select (change_id, service, settings) on faults.changes to %I', service_role);
end $$;
revoke insert, update, select on journal.quarantine, journal.drops
  from order_service, payment_service, inventory_service, notification_service;
select journal.admit('order_service'), journal.admit('payment_service'),
  journal.admit('inventory_service'), journal.admit('notification_service');

-- What two placements of an order lock that is not there yet. An advisory lock would do, if only Order could take it.
create table orders.claims (order_id uuid primary key);
grant select, insert, update on orders.claims to order_service;

-- What cannot be shown is not told. Of several events of one id, the first is the cause.
create or replace function feed.message(event journal.events) returns json stable
return json_build_object('orderId', event.order_id, 'eventId', event.event_id, 'type', event.type,
  'version', event.version, 'publisher', regexp_replace(event.published_by, '_service$', ''),
  'causeType', (select cause.type from journal.events cause where cause.event_id = event.causation_id
                order by cause.seq limit 1),
  'causationId', event.causation_id, 'occurredAt', feed.moment(event.occurred_at), 'payload', event.payload);
create or replace trigger feed_published after insert on journal.events
  for each row when (journal.can_be_shown(new.version, new.occurred_at, new.payload))
  execute function feed.tell('published');
