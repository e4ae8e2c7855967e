-- Up Migration
create schema notification;
grant usage on schema notification to notification_service;

create table notification.contacts (
  customer_id text primary key,
  email text not null
);

create table notification.notifications (
  order_id uuid primary key,
  status text not null check (status in ('NOTHING', 'SENDING', 'SENT', 'FAILED', 'REVOKED')),
  round integer not null default 0 check (round >= 0),
  announced boolean not null default false,
  customer_id text,
  items jsonb,
  total bigint,
  currency text,
  cause_id uuid,
  correlation_id uuid,
  sent_at timestamptz,
  updated_at timestamptz not null,
  constraint sending_means_known check
    (status in ('NOTHING', 'REVOKED') or
      (customer_id is not null and items is not null and total is not null and currency is not null
        and cause_id is not null and correlation_id is not null)),
  constraint sent_is_announced check (status <> 'SENT' or (sent_at is not null and announced))
);

-- One row per attempt; without an end its fate is unknown: the mail server may have accepted the mail.
create table notification.attempts (
  order_id uuid not null references notification.notifications,
  round integer not null check (round > 0),
  number integer not null check (number > 0),
  begun_at timestamptz not null default now(),
  ended_at timestamptz,
  fate text check (fate in ('ACCEPTED', 'REFUSED', 'UNKNOWN')),
  detail text,
  primary key (order_id, round, number),
  constraint an_end_has_a_fate check ((ended_at is null) = (fate is null))
);

-- What operators did, as they named themselves. Append-only.
create table notification.operator_actions (
  action_id text primary key,
  order_id uuid not null,
  operator text not null,
  action text not null check (action in ('RETRY')),
  at timestamptz not null
);

-- The idempotent consumer's memory: one row per event, attempt, giving-up or retry that was applied.
create table notification.inbox (
  key text primary key,
  order_id uuid not null,
  run_id text not null,
  outcome text not null,
  consumed_at timestamptz not null default now()
);

grant select, insert, update on notification.contacts, notification.notifications, notification.attempts to notification_service;
grant select, insert on notification.operator_actions, notification.inbox to notification_service;
