-- Up Migration
create schema orders;
grant usage on schema orders to order_service;

create table orders.customers (
  customer_id text primary key,
  name text not null
);

create table orders.products (
  sku text primary key,
  name text not null,
  price bigint not null check (price >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$')
);

create table orders.orders (
  order_id uuid primary key,
  customer_id text not null,
  items jsonb not null,
  total bigint not null check (total >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  status text not null check (status in
    ('PENDING_PAYMENT', 'PAYMENT_FAILED', 'PAYMENT_COMPLETED', 'OUT_OF_STOCK', 'INVENTORY_RESERVED', 'COMPLETED')),
  reason text,
  told_at timestamptz,
  refunded_at timestamptz,
  correlation_id uuid not null,
  request_digest text,
  wait_cause_id uuid not null,
  payment_due_at timestamptz not null,
  saga_due_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint only_a_failure_has_a_reason check ((reason is not null) = (status in ('PAYMENT_FAILED', 'OUT_OF_STOCK')))
);
create index newest_orders on orders.orders (created_at desc, order_id desc);
create index newest_orders_of_a_customer on orders.orders (customer_id, created_at desc, order_id desc);
create index newest_orders_in_a_status on orders.orders (status, created_at desc, order_id desc);

-- Append-only; `event_id` is the event consumed, null for the placement and for timers.
create table orders.status_history (
  order_id uuid not null references orders.orders,
  position integer not null,
  status text not null,
  at timestamptz not null,
  event_id uuid,
  primary key (order_id, position)
);

create table orders.attention (
  order_id uuid not null references orders.orders,
  code text not null check (code in ('NOTIFICATION_FAILED', 'NOTIFICATION_OVERDUE', 'CUSTOMER_TOLD_THEN_REFUNDED')),
  since timestamptz not null,
  cleared_at timestamptz,
  primary key (order_id, code)
);
create index open_attention on orders.attention (since) where cleared_at is null;

-- The idempotent consumer's memory: one row per event (or expired wait) that was applied.
create table orders.inbox (
  key text primary key,
  order_id uuid not null,
  run_id text not null,
  outcome text not null,
  consumed_at timestamptz not null default now()
);

grant select, insert, update on orders.customers, orders.products, orders.orders, orders.attention to order_service;
grant select, insert on orders.status_history, orders.inbox to order_service;
