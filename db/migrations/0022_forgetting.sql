-- Up Migration
-- Orders that have been at rest for long are forgotten (docs/decisions/0034): how they came about, and not how they ended.
-- The rows that decide stay, and with them the books.

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
    where not exists (select from journal.events event where event.order_id = saga
        and (event.delivered_at is null or event.delivered_at >= before or event.recorded_at >= before))
      and not exists (select from journal.sweeps known
        join journal.unfinished work on work.service = known.service and work.order_id = saga
        where work.rested_at is null));
  for inbox in select * from journal.inboxes() loop
    execute format(
      'select array(select saga from unnest($1) saga where not exists (select from journal.events event
         where event.order_id = saga and $2 = any (event.delivered_to)
           and not exists (select from %s handled where handled.key = event.event_id::text)))', inbox.name)
      into resting using resting, inbox.service;
  end loop;
  for waiting in select * from journal.waits() loop
    execute format(
      'select array(select saga from unnest($1) saga where not exists (select from %s waiting
         where waiting.order_id = saga and waiting.due_at is not null))', waiting.name)
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
    execute format('delete from %s where order_id = any ($1)', inbox.name) using sagas;
    get diagnostics more = row_count;
    forgotten := forgotten + more;
  end loop;
  with events as (delete from journal.events where order_id = any (sagas) returning 1),
    drops as (delete from journal.drops where order_id = any (sagas) returning 1),
    refused as (delete from journal.quarantine where order_id = any (sagas) returning 1),
    unfinished as (delete from journal.unfinished
      where order_id = any (sagas) and service in (select service from journal.sweeps) returning 1)
  select count(*) into more from (select from events union all select from drops
    union all select from refused union all select from unfinished) gone;
  return forgotten + more;
end $$;

revoke execute on function journal.inboxes, journal.waits, journal.at_rest, journal.forget from public;

-- What was applied is deleted by order.
create index applied_to_an_order on orders.inbox (order_id);
create index applied_to_an_order on payment.inbox (order_id);
create index applied_to_an_order on inventory.inbox (order_id);
create index applied_to_an_order on notification.inbox (order_id);

-- The record of what operators did outlives the entry that it names.
alter table journal.operator_actions drop constraint operator_actions_quarantine_id_fkey;

create schema retention;
grant usage on schema retention to operator_service, observer_service, order_service;

-- A row for each order that is forgotten. The monitoring points are computed from these moments once the events are gone.
create table retention.moments (
  order_id uuid primary key,
  paid_at timestamptz,
  reserved_at timestamptz,
  told_at timestamptz,
  cancelled_at timestamptz,
  refunded_at timestamptz,
  cancellation_refunded_at timestamptz,
  forgotten_at timestamptz not null default now()
);
-- What services refused to act on, by the hour in which the order was placed.
create table retention.counts (
  hour timestamptz not null,
  service text not null,
  what text not null check (what in ('REPEAT', 'NO_EFFECT', 'QUARANTINED')),
  amount bigint not null check (amount > 0),
  primary key (hour, service, what)
);
grant select on retention.moments, retention.counts to observer_service;
grant select (order_id, forgotten_at) on retention.moments to order_service;

-- One row: the newest entry of the feed that is gone. A client that has not got as far may have missed it.
create table retention.feed_mark (
  only_row boolean primary key default true check (only_row),
  written_by xid8 not null,
  seq bigint not null
);
insert into retention.feed_mark (written_by, seq) values ('0', 0);
grant select on retention.feed_mark to observer_service;

-- An entry of the quarantine waits until an operator has had it delivered or dismissed as often as it was seen.
create function retention.is_waiting(refused journal.quarantine) returns boolean stable
return not exists (select from journal.operator_actions closed
  where closed.quarantine_id = refused.quarantine_id and closed.outcome in ('DELIVERED', 'DISMISSED')
    and closed.seen >= refused.seen);

-- Those of the orders that are final and at rest.
create function retention.at_rest(orders uuid[], before timestamptz) returns uuid[] stable
return journal.at_rest(array(
  select placed.order_id from orders.orders placed
  where placed.order_id = any (orders) and placed.status in ('COMPLETED', 'PAYMENT_FAILED', 'OUT_OF_STOCK')
    and placed.updated_at < before
    and not exists (select from notification.notifications telling
      where telling.order_id = placed.order_id and telling.status in ('SENDING', 'FAILED'))
    -- A genuine event that was refused may still be redriven.
    and not exists (select from journal.quarantine refused
      where refused.order_id = placed.order_id and refused.event_id is not null and retention.is_waiting(refused))
), before);

-- Those of the orders that need nobody: what is open stays with all that explains it.
create function retention.without_attention(orders uuid[], before timestamptz) returns uuid[] stable
return array(
  select known from unnest(orders) known
  where not exists (select from orders.attention open where open.order_id = known and open.cleared_at is null)
    and not exists (select from journal.quarantine refused
      where refused.order_id = known and (refused.last_seen_at >= before or retention.is_waiting(refused))));

create function retention.remember_moments(orders uuid[]) returns void
begin atomic
  insert into retention.moments (order_id, paid_at, reserved_at, told_at, cancelled_at, refunded_at, cancellation_refunded_at)
  select known, paid.occurred_at, reserved.occurred_at, told.occurred_at, cancelled.occurred_at, refunded.occurred_at,
    case when refunded.causation_id = cancelled.event_id then refunded.occurred_at end
  from unnest(orders) known
    left join journal.events paid on paid.order_id = known and paid.type = 'PaymentCompletedEvent'
    left join journal.events reserved on reserved.order_id = known and reserved.type = 'InventoryReservedEvent'
    left join journal.events told on told.order_id = known and told.type = 'OrderCompletedNotificationSentEvent'
      and told.causation_id = reserved.event_id
    left join journal.events cancelled on cancelled.order_id = known and cancelled.type = 'OrderCancelledEvent'
    left join journal.events refunded on refunded.order_id = known and refunded.type = 'PaymentCancelledEvent'
  on conflict (order_id) do nothing;
end;

-- Adds to the counts what is about to be forgotten of orders, or of entries of the quarantine that belong to none.
create function retention.remember_counts(orders uuid[]) returns void
begin atomic
  insert into retention.counts (hour, service, what, amount)
  select date_trunc('hour', at), service, what, sum(amount) from (
    select placed.created_at as at, service, why as what, seen as amount
      from journal.drops join orders.orders placed using (order_id) where order_id = any (orders)
    union all
    select coalesce(placed.created_at, refused.first_seen_at), service, 'QUARANTINED', 1
      from journal.quarantine refused left join orders.orders placed using (order_id) where order_id = any (orders)
  ) gone
  group by 1, 2, 3
  on conflict (hour, service, what) do update set amount = counts.amount + excluded.amount;
end;

create function retention.forget_entries(orders uuid[]) returns bigint language plpgsql as $$
declare
  forgotten bigint;
  newest feed.entries;
begin
  select * into newest from feed.entries where order_id = any (orders) order by written_by desc, seq desc limit 1;
  delete from feed.entries where order_id = any (orders);
  get diagnostics forgotten = row_count;
  update retention.feed_mark mark set written_by = newest.written_by, seq = newest.seq
  where forgotten > 0 and (mark.written_by, mark.seq) < (newest.written_by, newest.seq);
  return forgotten;
end $$;

-- Returns how many rows were forgotten.
create function retention.forget_all_of(orders uuid[]) returns bigint language plpgsql as $$
declare
  forgotten bigint;
  more bigint;
begin
  perform retention.remember_moments(orders), retention.remember_counts(orders);
  forgotten := retention.forget_entries(orders) + journal.forget(orders);
  delete from notification.attempts where order_id = any (orders);
  get diagnostics more = row_count;
  forgotten := forgotten + more;
  delete from orders.claims where order_id = any (orders);
  get diagnostics more = row_count;
  return forgotten + more;
end $$;

-- Forgets a batch of the orders that are at rest since `before`, oldest first, from the position `after`. `reached` is
-- the next position, null at the end; `kept` counts those that were looked at and stay. Of two at once, each takes what
-- the other has not.
create function retention.forget_orders(before timestamptz, after timestamptz, batch integer, counting_only boolean,
  out reached timestamptz, out kept bigint, out orders bigint, out entries bigint)
language plpgsql security definer set search_path = '' as $$
declare
  found_orders uuid[];
  resting uuid[];
begin
  -- The last event stands for its order.
  select array_agg(order_id), max(delivered_at) into found_orders, reached from (
    select last.order_id, last.delivered_at from journal.events last
    where last.delivered_at > after and last.delivered_at < before
      and not exists (select from journal.events later
        where later.order_id = last.order_id and (later.delivered_at, later.seq) > (last.delivered_at, last.seq))
    order by last.delivered_at limit batch) oldest;
  resting := array(select order_id from orders.orders placed
    where placed.order_id = any (found_orders) for update skip locked);
  -- Somebody else may have forgotten some of them, before they were locked here.
  resting := array(
    select known from unnest(retention.without_attention(retention.at_rest(resting, before), before)) known
    where exists (select from journal.events kept where kept.order_id = known));
  orders := cardinality(resting);
  kept := coalesce(cardinality(found_orders), 0) - orders;
  entries := case when counting_only or orders = 0 then 0 else retention.forget_all_of(resting) end;
end $$;

-- Forgets entries of the quarantine that belong to no order, or to one that is forgotten; whether anybody has looked at
-- them or not. Returns how many of them there were.
create function retention.forget_strays(before timestamptz, batch integer, counting_only boolean) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  strays uuid[];
  counted bigint;
begin
  select array_agg(distinct order_id), count(*) into strays, counted from (
    select order_id from journal.quarantine refused
    where first_seen_at < before and last_seen_at < before
      and (not exists (select from orders.orders placed where placed.order_id = refused.order_id)
        or exists (select from retention.moments past where past.order_id = refused.order_id))
      and not exists (select from journal.quarantine young
        where young.order_id = refused.order_id and young.last_seen_at >= before)
    order by first_seen_at limit case when counting_only then null else batch end) found;
  if not counting_only and counted > 0 then
    perform retention.remember_counts(strays), retention.forget_entries(strays), journal.forget(strays);
  end if;
  return counted;
end $$;

revoke execute on all functions in schema retention from public;
grant execute on function retention.forget_orders, retention.forget_strays to operator_service;
