-- Up Migration
create schema faults;
grant usage on schema faults to order_service, payment_service, inventory_service, notification_service, operator_service;

-- What shall go wrong on demand. Append-only: a service's newest change is what holds, so that the record of who
-- switched what, and when, is the switch itself. Nobody can choose when it was.
create table faults.changes (
  change_id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  operator text not null,
  service text not null check (service in ('order', 'payment', 'inventory', 'notification')),
  settings jsonb not null check (jsonb_typeof(settings) = 'object')
);
create index newest_change_of_a_service on faults.changes (service, change_id desc);

-- A service reads its own settings, and not who changed them; operators add and read; nobody does anything else.
grant select (change_id, service, settings) on faults.changes
  to order_service, payment_service, inventory_service, notification_service;
grant select, insert (operator, service, settings) on faults.changes to operator_service;
alter table faults.changes enable row level security;
create policy read_ones_own on faults.changes for select
  to order_service, payment_service, inventory_service, notification_service using (session_user = service || '_service');
create policy operators_read on faults.changes for select to operator_service using (true);
create policy operators_add on faults.changes for insert to operator_service with check (true);
