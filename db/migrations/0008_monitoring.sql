-- Up Migration
-- The monitoring points are computed by the observer's login. They need to know when things happened and how they
-- ended, and neither who ordered what, nor the body of an event or of a refused signal.
grant usage on schema orders, journal to observer_service;
grant select (order_id, status, reason, created_at) on orders.orders to observer_service;
grant select (order_id, status, at) on orders.status_history to observer_service;
grant select (order_id, code, since, cleared_at) on orders.attention to observer_service;
grant select (event_id, order_id, type, causation_id, occurred_at) on journal.events to observer_service;
grant select (service, order_id, why, seen) on journal.drops to observer_service;
grant select (quarantine_id, service, order_id, seen, first_seen_at) on journal.quarantine to observer_service;
grant select (quarantine_id, outcome, seen) on journal.operator_actions to observer_service;

-- The moments of many orders, read from the indexes alone: the rows of the journal are wide.
create index moments_in_the_journal on journal.events (type, order_id) include (occurred_at, event_id, causation_id);
create index completions on orders.status_history (order_id) include (at) where status = 'COMPLETED';
create index open_orders on orders.orders (created_at)
  where status in ('PENDING_PAYMENT', 'PAYMENT_COMPLETED', 'INVENTORY_RESERVED');
create index drops_of_an_order on journal.drops (order_id);
