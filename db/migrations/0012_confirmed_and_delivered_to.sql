-- Up Migration
-- A payment whose stock is reserved is CONFIRMED. It was called SETTLED, which in payments means something else.
alter table payment.payments drop constraint payments_status_check, drop constraint charged_means_known;
update payment.payments set status = 'CONFIRMED' where status = 'SETTLED';
update payment.inbox set outcome = 'CONFIRMED' where outcome = 'SETTLED';
alter table payment.payments
  add constraint payments_status_check
    check (status in ('NOTHING', 'CHARGED', 'DECLINED', 'VOID', 'CONFIRMED', 'REFUNDED')),
  add constraint charged_means_known check
    (status not in ('CHARGED', 'CONFIRMED', 'REFUNDED') or
      (customer_id is not null and amount is not null and currency is not null and wait_cause_id is not null and answer_by is not null));

-- The delivery mark says to whom. A publisher of before a rollout does not know a new subscriber: its mark must not hide
-- that this one has yet to get the event. Whoever was there until now has everything that was marked.
alter table journal.events add column delivered_to text[];
update journal.events set delivered_to = array['order', 'payment', 'inventory', 'notification'] where delivered_at is not null;
alter table journal.events
  add constraint delivered_to_somebody check ((delivered_at is null) = (delivered_to is null));
grant update (delivered_to) on journal.events to order_service, payment_service, inventory_service, notification_service;
