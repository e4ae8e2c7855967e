-- Up Migration
create schema payment;
grant usage on schema payment to payment_service;

create table payment.wallets (
  customer_id text primary key,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  balance bigint not null constraint no_negative_balance check (balance >= 0)
);

-- Append-only; its sum is the balance. At most one charge and one refund per order.
create table payment.wallet_ledger (
  entry_id bigint generated always as identity primary key,
  customer_id text not null references payment.wallets,
  kind text not null check (kind in ('DEPOSIT', 'CHARGE', 'REFUND')),
  amount bigint not null,
  order_id uuid,
  idempotency_key text,
  request_digest text,
  at timestamptz not null,
  constraint direction check (case kind when 'CHARGE' then amount <= 0 else amount >= 0 end),
  constraint origin check ((kind = 'DEPOSIT') = (order_id is null) and (kind = 'DEPOSIT') = (idempotency_key is not null)),
  constraint charged_and_refunded_once unique (order_id, kind),
  constraint deposited_once unique (customer_id, idempotency_key)
);

create table payment.payments (
  order_id uuid primary key,
  status text not null check (status in ('NOTHING', 'CHARGED', 'DECLINED', 'VOID', 'SETTLED', 'REFUNDED')),
  reason text,
  customer_id text,
  amount bigint check (amount >= 0),
  currency text,
  correlation_id uuid,
  wait_cause_id uuid,
  answer_by timestamptz,
  updated_at timestamptz not null,
  constraint charged_means_known check
    (status not in ('CHARGED', 'SETTLED', 'REFUNDED') or
      (customer_id is not null and amount is not null and currency is not null and wait_cause_id is not null and answer_by is not null))
);

-- The idempotent consumer's memory: one row per event (or expired wait) that was applied.
create table payment.inbox (
  key text primary key,
  order_id uuid not null,
  run_id text not null,
  outcome text not null,
  consumed_at timestamptz not null default now()
);

grant select, insert, update on payment.wallets, payment.payments to payment_service;
grant select, insert on payment.wallet_ledger, payment.inbox to payment_service;
