-- Up Migration
-- When the wait that a row is in ends (R11); null where it waits for nothing.
alter table orders.orders add column due_at timestamptz;
alter table payment.payments add column due_at timestamptz;
alter table notification.notifications add column due_at timestamptz;

update orders.orders placed set due_at = case status when 'PENDING_PAYMENT' then payment_due_at else saga_due_at end
  where status in ('PENDING_PAYMENT', 'PAYMENT_COMPLETED')
    or (status = 'INVENTORY_RESERVED' and not exists
      (select from orders.attention entry where entry.order_id = placed.order_id and code = 'NOTIFICATION_OVERDUE'));
update payment.payments set due_at = answer_by where status = 'CHARGED';
-- How long an attempt and the pause after it may take, by default.
update notification.notifications set due_at = updated_at + interval '90 s' where status = 'SENDING';

create index due_orders on orders.orders (due_at) where due_at is not null;
create index due_payments on payment.payments (due_at) where due_at is not null;
create index due_notifications on notification.notifications (due_at) where due_at is not null;
create index parked_notifications on notification.notifications (order_id) where status = 'FAILED';
