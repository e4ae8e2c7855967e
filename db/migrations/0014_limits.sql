-- Up Migration
-- The limits of schemas/limits.ts; a test tries each at its edge. They are `not valid`: rows of before stay as they are,
-- and every new or changed row is checked.

-- Charged and not refunded: it may come back at any time, so that no deposit may take its room. Payment never learns that
-- an order is complete, and a cancellation refunds a confirmed payment too: a charge counts until it is refunded.
alter table payment.wallets add column charged bigint not null default 0 constraint no_negative_charges check (charged >= 0);
update payment.wallets set charged = greatest(0, -coalesce((
  select sum(amount) from payment.wallet_ledger entry
  where entry.customer_id = wallets.customer_id and kind in ('CHARGE', 'REFUND')), 0));

alter table orders.customers
  add constraint customer_id_within_limits check (customer_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$') not valid,
  add constraint name_within_limits check (char_length(name) between 1 and 200) not valid;

alter table orders.products
  add constraint sku_within_limits check (sku ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$') not valid,
  add constraint name_within_limits check (char_length(name) between 1 and 200) not valid,
  add constraint price_within_limits check (price <= 9007199254740990) not valid;

alter table orders.orders
  add constraint customer_id_within_limits check (customer_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$') not valid,
  add constraint total_within_limits check (total <= 9007199254740990) not valid,
  add constraint items_within_limits check (jsonb_array_length(items) <= 100 and not jsonb_path_exists(items,
    '$[*] ? (@.quantity < 1 || @.quantity > 999 || @.unitPrice.amount < 0 || @.unitPrice.amount > 9007199254740990)')) not valid,
  add constraint times_within_limits check
    (greatest(created_at, payment_due_at, saga_due_at) <= '9999-12-31 23:59:59.999+00') not valid;

alter table payment.wallets
  add constraint customer_id_within_limits check (customer_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$') not valid,
  add constraint balance_within_limits check (balance + charged <= 9007199254740990) not valid;

alter table payment.wallet_ledger
  add constraint amount_within_limits check (abs(amount) <= 9007199254740990) not valid,
  add constraint idempotency_key_within_limits check (char_length(idempotency_key) between 1 and 255) not valid;

alter table payment.payments
  add constraint customer_id_within_limits check (customer_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$') not valid,
  add constraint amount_within_limits check (amount <= 9007199254740990) not valid,
  add constraint currency_within_limits check (currency ~ '^[A-Z]{3}$') not valid,
  add constraint times_within_limits check (answer_by <= '9999-12-31 23:59:59.999+00') not valid;

alter table inventory.stock
  add constraint sku_within_limits check (sku ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$') not valid,
  add constraint stock_within_limits check (available + reserved <= 9007199254740990) not valid;

alter table inventory.stock_ledger
  add constraint pieces_within_limits check
    (greatest(abs(available_change), abs(reserved_change)) <= 9007199254740990) not valid,
  add constraint idempotency_key_within_limits check (char_length(idempotency_key) between 1 and 255) not valid;

alter table inventory.reservations
  add constraint items_within_limits check (jsonb_array_length(items) <= 100 and not jsonb_path_exists(items,
    '$[*] ? (@.quantity < 1 || @.quantity > 999 || @.unitPrice.amount < 0 || @.unitPrice.amount > 9007199254740990)')) not valid;

alter table notification.contacts
  add constraint customer_id_within_limits check (customer_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$') not valid,
  add constraint email_within_limits check (char_length(email) between 1 and 254) not valid;

alter table notification.notifications
  add constraint customer_id_within_limits check (customer_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$') not valid,
  add constraint total_within_limits check (total between 0 and 9007199254740990) not valid,
  add constraint currency_within_limits check (currency ~ '^[A-Z]{3}$') not valid,
  add constraint items_within_limits check (jsonb_array_length(items) <= 100 and not jsonb_path_exists(items,
    '$[*] ? (@.quantity < 1 || @.quantity > 999 || @.unitPrice.amount < 0 || @.unitPrice.amount > 9007199254740990)')) not valid;

alter table notification.operator_actions
  add constraint operator_within_limits check (char_length(operator) between 1 and 100) not valid;
alter table journal.operator_actions
  add constraint operator_within_limits check (char_length(operator) between 1 and 100) not valid;
alter table faults.changes
  add constraint operator_within_limits check (char_length(operator) between 1 and 100) not valid;
