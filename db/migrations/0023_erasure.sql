-- Up Migration
-- What a customer's data is: the name, the address, the mails, and whatever somebody has put into a signal. Events, feed
-- and records name customers by id only; those of their orders are forgotten along with it (docs/decisions/0035).

-- Who asked for it, as they named themselves, and when. Nobody can choose when it was, or take it back.
create table retention.erasures (
  erasure_id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  operator text not null check (char_length(operator) between 1 and 100),
  customer_id text not null,
  -- The orders that the customer had.
  orders bigint not null
);
create index erasures_of_a_customer on retention.erasures (customer_id, erasure_id desc);
grant select on retention.erasures to operator_service;

-- A page of the customer's orders after a position, oldest first: `orders`, and those of them that are not at rest. Unless
-- there are any, or they are to be looked at only, everything about the page is forgotten, whatever its age.
create function retention.erase_orders(customer text, after_time timestamptz, after_id uuid, batch integer, looking_only boolean,
  out orders uuid[], out not_at_rest uuid[], out reached_time timestamptz, out reached_id uuid)
language plpgsql security definer set search_path = '' as $$
begin
  select array_agg(page.order_id order by page.created_at, page.order_id) into orders from (
    select order_id, created_at from orders.orders placed
    where customer_id = customer and (created_at, order_id) > (after_time, after_id)
    order by created_at, order_id limit batch for update) page;
  orders := coalesce(orders, '{}');
  select created_at, order_id into reached_time, reached_id
    from orders.orders placed where order_id = orders[cardinality(orders)];
  not_at_rest := array(select unnest(orders) except select unnest(retention.at_rest(orders, 'infinity')));
  if not looking_only and cardinality(not_at_rest) = 0 then
    perform retention.forget_all_of(orders);
    update journal.operator_actions done set detail = '' where done.order_id = any (orders) and done.detail <> '';
  end if;
end $$;

-- Erases what is left of the customer once the orders are, and puts it on record.
create function retention.erase_customer(customer text, asked_by text, out erased_at timestamptz, out had_orders bigint)
language plpgsql security definer set search_path = '' as $$
declare
  address text;
begin
  delete from notification.contacts where customer_id = customer returning email into address;
  delete from orders.customers where customer_id = customer;
  -- Signals that belong to other orders, or to none. What they were is not kept as a digest either.
  update journal.quarantine set body = '"erased"', detail = 'erased', body_digest = quarantine_id::text
  where position('"customerId":' || to_json(customer)::text in body) > 0
    or position(address in body) > 0 or position(address in detail) > 0;
  select count(*) into had_orders from orders.orders where customer_id = customer;
  insert into retention.erasures (operator, customer_id, orders) values (asked_by, customer, had_orders)
    returning at into erased_at;
end $$;

revoke execute on function retention.erase_orders, retention.erase_customer from public;
grant execute on function retention.erase_orders, retention.erase_customer to operator_service;
