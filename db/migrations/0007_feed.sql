-- Up Migration
-- The live feed: one row for each thing that happened to an order, in the words in which it is told. Append-only. Only
-- the triggers below write it, in the transaction of what happened, so no service needs a grant here.
create schema feed;

-- A number of `seq` is taken before its transaction commits, so 7 may become visible after 8, and who has read 8 and goes
-- by the number alone never sees 7. Readers therefore go by (written_by, seq), and only up to the oldest transaction
-- that is still running: below it nothing can appear any more.
create table feed.entries (
  written_by xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  order_id uuid not null,
  kind text not null,
  data json not null,
  primary key (written_by, seq)
);
create index entries_of_an_order on feed.entries (order_id, written_by, seq);

-- RFC 3339 in UTC with milliseconds.
create function feed.moment(at timestamptz) returns text stable
return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

-- What is told of a row. It names nobody but operators, as they named themselves, and leaves out what may hold an
-- address: bodies and details.
create function feed.message(placed orders.orders) returns json stable
return json_build_object('orderId', placed.order_id, 'customerId', placed.customer_id, 'items', placed.items,
  'total', json_build_object('amount', placed.total, 'currency', placed.currency),
  'at', feed.moment(placed.created_at), 'paymentDueAt', feed.moment(placed.payment_due_at),
  'sagaDueAt', feed.moment(placed.saga_due_at));

create function feed.message(entry orders.status_history) returns json stable
return json_build_object('orderId', entry.order_id, 'status', entry.status,
  'reason', (select reason from orders.orders placed
             where placed.order_id = entry.order_id and placed.status = entry.status),
  'at', feed.moment(entry.at), 'eventId', entry.event_id);

create function feed.message(attention orders.attention) returns json stable
return json_build_object('orderId', attention.order_id, 'code', attention.code,
  'since', feed.moment(attention.since), 'clearedAt', feed.moment(attention.cleared_at));

-- To whom it goes is the catalogue's to say, for which the type of the cause is needed.
create function feed.message(event journal.events) returns json stable
return json_build_object('orderId', event.order_id, 'eventId', event.event_id, 'type', event.type,
  'version', event.version, 'publisher', regexp_replace(event.published_by, '_service$', ''),
  'causeType', (select cause.type from journal.events cause where cause.event_id = event.causation_id),
  'causationId', event.causation_id, 'occurredAt', feed.moment(event.occurred_at), 'payload', event.payload);

create function feed.delivery(event journal.events) returns json stable
return json_build_object('orderId', event.order_id, 'eventId', event.event_id, 'at', feed.moment(event.delivered_at));

create function feed.message(dropped journal.drops) returns json stable
return json_build_object('orderId', dropped.order_id, 'service', dropped.service, 'eventId', dropped.event_id,
  'why', dropped.why, 'seen', dropped.seen, 'at', feed.moment(dropped.last_seen_at));

create function feed.message(refused journal.quarantine) returns json stable
return json_build_object('orderId', refused.order_id, 'service', refused.service, 'id', refused.quarantine_id,
  'signalName', refused.signal_name, 'reason', refused.reason, 'seen', refused.seen,
  'at', feed.moment(refused.last_seen_at));

create function feed.message(notification notification.notifications) returns json stable
return json_build_object('orderId', notification.order_id, 'status', notification.status,
  'at', feed.moment(notification.updated_at));

create function feed.message(attempt notification.attempts) returns json stable
return json_build_object('orderId', attempt.order_id, 'round', attempt.round, 'number', attempt.number,
  'begunAt', feed.moment(attempt.begun_at), 'endedAt', feed.moment(attempt.ended_at), 'fate', attempt.fate);

create function feed.message(action journal.operator_actions) returns json stable
return json_build_object('orderId', action.order_id, 'operator', action.operator, 'action', action.action,
  'outcome', action.outcome, 'at', feed.moment(action.at));

create function feed.message(retry notification.operator_actions) returns json stable
return json_build_object('orderId', retry.order_id, 'operator', retry.operator, 'action', 'NOTIFICATION_RETRY',
  'outcome', 'ACCEPTED', 'at', feed.moment(retry.at));

-- `new` has the type of the trigger's table, and so picks the message. The notifications of a transaction are one, and
-- it goes out with the commit.
create function feed.tell() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into feed.entries (order_id, kind, data) values (new.order_id, tg_argv[0], feed.message(new));
  perform pg_notify('feed', '');
  return null;
end $$;

create function feed.tell_delivery() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into feed.entries (order_id, kind, data) values (new.order_id, 'delivered', feed.delivery(new));
  perform pg_notify('feed', '');
  return null;
end $$;

create trigger feed_placed after insert on orders.orders
  for each row execute function feed.tell('placed');
create trigger feed_status after insert on orders.status_history
  for each row execute function feed.tell('status');
create trigger feed_attention after insert on orders.attention
  for each row execute function feed.tell('attention');
create trigger feed_attention_changed after update on orders.attention
  for each row when (old.cleared_at is distinct from new.cleared_at) execute function feed.tell('attention');
create trigger feed_published after insert on journal.events
  for each row execute function feed.tell('published');
create trigger feed_delivered after update on journal.events
  for each row when (old.delivered_at is null and new.delivered_at is not null) execute function feed.tell_delivery();
create trigger feed_dropped after insert on journal.drops
  for each row execute function feed.tell('dropped');
create trigger feed_dropped_again after update on journal.drops
  for each row when (old.seen <> new.seen) execute function feed.tell('dropped');
create trigger feed_quarantined after insert on journal.quarantine
  for each row execute function feed.tell('quarantined');
create trigger feed_quarantined_again after update on journal.quarantine
  for each row when (old.seen <> new.seen) execute function feed.tell('quarantined');
create trigger feed_notification after insert on notification.notifications
  for each row when (new.status <> 'NOTHING') execute function feed.tell('notification');
create trigger feed_notification_changed after update on notification.notifications
  for each row when (old.status <> new.status) execute function feed.tell('notification');
create trigger feed_attempt after insert on notification.attempts
  for each row execute function feed.tell('attempt');
create trigger feed_attempt_ended after update on notification.attempts
  for each row when (old.fate is null and new.fate is not null) execute function feed.tell('attempt');
create trigger feed_operator after insert on journal.operator_actions
  for each row execute function feed.tell('operator');
create trigger feed_retry after insert on notification.operator_actions
  for each row execute function feed.tell('operator');

-- Who may execute a trigger function may put it on a table of their own, and so tell what they like.
revoke execute on all functions in schema feed from public;
grant usage on schema feed to observer_service;
grant select on feed.entries to observer_service;

-- What happened before there was a feed, in the order of its times. Of what changes, its last state is known. The triggers
-- above have locked the tables, so that nothing comes in between.
insert into feed.entries (order_id, kind, data)
select order_id, kind, data from (
  select order_id, created_at as at, 1 as rank, 0::bigint as place, 'placed' as kind, feed.message(past) as data
    from orders.orders past
  union all select order_id, at, 2, position, 'status', feed.message(past) from orders.status_history past
  union all select order_id, recorded_at, 3, seq, 'published', feed.message(past) from journal.events past
  union all select order_id, delivered_at, 4, seq, 'delivered', feed.delivery(past)
    from journal.events past where delivered_at is not null
  union all select order_id, last_seen_at, 5, 0, 'dropped', feed.message(past) from journal.drops past
  union all select order_id, last_seen_at, 5, quarantine_id, 'quarantined', feed.message(past)
    from journal.quarantine past
  union all select order_id, coalesce(ended_at, begun_at), 6, number, 'attempt', feed.message(past)
    from notification.attempts past
  union all select order_id, updated_at, 7, 0, 'notification', feed.message(past)
    from notification.notifications past where status <> 'NOTHING'
  union all select order_id, coalesce(cleared_at, since), 8, 0, 'attention', feed.message(past)
    from orders.attention past
  union all select order_id, at, 9, action_id, 'operator', feed.message(past) from journal.operator_actions past
  union all select order_id, at, 9, 0, 'operator', feed.message(past) from notification.operator_actions past
) past
order by at, rank, place;
