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
