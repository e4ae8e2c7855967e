-- Up Migration
-- The list of orders is read in the order of an index whatever it is filtered by (docs/decisions/0045). Only a failure has
-- a reason, so the indexes of failures cost the orders that go through nothing.
create index newest_failures on orders.orders (created_at desc, order_id desc) where reason is not null;
create index newest_orders_with_a_reason on orders.orders (reason, created_at desc, order_id desc) where reason is not null;
create index newest_orders_of_a_customer_with_a_reason
  on orders.orders (customer_id, reason, created_at desc, order_id desc) where reason is not null;
create index newest_failures_of_a_customer on orders.orders (customer_id, created_at desc, order_id desc)
  where reason is not null;
create index newest_orders_of_a_customer_in_a_status on orders.orders (customer_id, status, created_at desc, order_id desc);

-- What is open now, whatever was stuck once and has come to rest.
create index still_stuck on journal.unfinished (order_id) where stuck_at is not null and rested_at is null;
