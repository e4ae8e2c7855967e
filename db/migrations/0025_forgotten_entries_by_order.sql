-- Up Migration
-- The newest of the entries that are to go: with `order by ... limit 1` over the table PostgreSQL would read all entries,
-- newest first, until it meets one of these orders, which are the oldest.
create or replace function retention.forget_entries(orders uuid[]) returns bigint language plpgsql as $$
declare
  forgotten bigint;
  newest feed.entries;
begin
  with gone as materialized (select * from feed.entries where order_id = any (orders))
  select * into newest from gone order by written_by desc, seq desc limit 1;
  delete from feed.entries where order_id = any (orders);
  get diagnostics forgotten = row_count;
  update retention.feed_mark mark set written_by = newest.written_by, seq = newest.seq
  where forgotten > 0 and (mark.written_by, mark.seq) < (newest.written_by, newest.seq);
  return forgotten;
end $$;
