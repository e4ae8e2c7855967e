-- Up Migration
-- Tells who waits for an order, by its id, that it is final; with the commit, and without an entry in the feed to look for.
create function feed.tell_final() returns trigger language plpgsql as $$
begin
  perform pg_notify('final_orders', new.order_id::text);
  return null;
end $$;
revoke execute on function feed.tell_final from public;
create trigger tell_final after update of status on orders.orders
  for each row when (old.status <> new.status and new.status in ('COMPLETED', 'PAYMENT_FAILED', 'OUT_OF_STOCK'))
  execute function feed.tell_final();
