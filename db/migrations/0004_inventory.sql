-- Up Migration
create schema inventory;
grant usage on schema inventory to inventory_service;

create table inventory.stock (
  sku text primary key,
  available bigint not null constraint no_oversell check (available >= 0),
  reserved bigint not null constraint no_negative_reservation check (reserved >= 0)
);

-- Append-only; its sums are the stock. A product is reserved and released at most once per order.
create table inventory.stock_ledger (
  entry_id bigint generated always as identity primary key,
  sku text not null references inventory.stock,
  kind text not null check (kind in ('RESTOCK', 'RESERVE', 'RELEASE')),
  available_change bigint not null,
  reserved_change bigint not null,
  order_id uuid,
  idempotency_key text,
  request_digest text,
  at timestamptz not null,
  constraint conservation check (case kind
    when 'RESTOCK' then available_change > 0 and reserved_change = 0
    when 'RESERVE' then reserved_change > 0 and available_change = -reserved_change
    when 'RELEASE' then available_change > 0 and available_change = -reserved_change end),
  constraint origin check ((kind = 'RESTOCK') = (order_id is null) and (kind = 'RESTOCK') = (idempotency_key is not null)),
  constraint reserved_and_released_once unique (order_id, sku, kind),
  constraint restocked_once unique (sku, idempotency_key)
);

create table inventory.reservations (
  order_id uuid primary key,
  status text not null check (status in ('NOTHING', 'RESERVED', 'REJECTED', 'RELEASED')),
  reason text,
  items jsonb,
  updated_at timestamptz not null,
  constraint reserved_means_known check (status <> 'RESERVED' or items is not null)
);

-- The idempotent consumer's memory: one row per event that was applied.
create table inventory.inbox (
  key text primary key,
  order_id uuid not null,
  run_id text not null,
  outcome text not null,
  consumed_at timestamptz not null default now()
);

grant select, insert, update on inventory.stock, inventory.reservations to inventory_service;
grant select, insert on inventory.stock_ledger, inventory.inbox to inventory_service;
