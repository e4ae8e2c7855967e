-- Up Migration
create schema shipping;
grant usage on schema shipping to shipping_service;
select journal.admit('shipping_service');

create table shipping.shipments (
  order_id uuid primary key,
  status text not null check (status in ('NOTHING', 'SHIPPED', 'REFUSED')),
  updated_at timestamptz not null
);

-- The idempotent consumer's memory: one row per event that was applied.
create table shipping.inbox (
  key text primary key,
  order_id uuid not null,
  run_id text not null,
  outcome text not null,
  consumed_at timestamptz not null default now()
);
create index applied_to_an_order on shipping.inbox (order_id);

grant select, insert, update on shipping.shipments to shipping_service;
grant select, insert on shipping.inbox to shipping_service;
