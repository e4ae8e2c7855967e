-- Up Migration
-- What operators asked for, with what came of it. Append-only; nobody can choose when it was. A retry that was
-- accepted is on Notification's own record. An entry of the quarantine waits until it was delivered as often as it
-- had been seen: refused once more, it waits again.
create table journal.operator_actions (
  action_id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  operator text not null,
  action text not null check (action in ('REDRIVE', 'NOTIFICATION_RETRY')),
  order_id uuid not null,
  quarantine_id bigint references journal.quarantine,
  seen integer check (seen > 0),
  outcome text not null,
  detail text not null,
  constraint a_redrive_has_an_entry check
    ((action = 'REDRIVE') = (quarantine_id is not null) and (action = 'REDRIVE') = (seen is not null)),
  constraint outcomes check (outcome in (
    'DELIVERED', 'STILL_INVALID', 'NOT_WAITING', 'NOT_DELIVERED', 'NOT_PARKED', 'NO_ANSWER'))
);
create index actions_on_an_entry on journal.operator_actions (quarantine_id);
create index actions_on_an_order on journal.operator_actions (order_id);

-- The operators' login reads what they decide by, and writes nothing but these records.
grant usage on schema journal, orders, notification to operator_service;
grant select on journal.events, journal.quarantine, journal.operator_actions to operator_service;
grant insert (operator, action, order_id, quarantine_id, seen, outcome, detail) on journal.operator_actions to operator_service;
grant select (order_id, code, since, cleared_at) on orders.attention to operator_service;
grant select on notification.operator_actions to operator_service;
create index quarantine_by_age on journal.quarantine (first_seen_at);
create index retries_of_an_order on notification.operator_actions (order_id);
