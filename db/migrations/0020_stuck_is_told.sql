-- Up Migration
-- Work that stays unfinished is told as the order's attention STUCK: since the first service's, and until the last one's
-- has come to rest.
create function feed.message(changed journal.unfinished) returns json stable
return (select json_build_object('orderId', changed.order_id, 'code', 'STUCK', 'since', feed.moment(min(stuck_at)),
    'clearedAt', feed.moment(case when bool_and(rested_at is not null) then max(rested_at) end))
  from journal.unfinished where order_id = changed.order_id and stuck_at is not null);

create trigger feed_stuck after update on journal.unfinished
  for each row when (new.stuck_at is not null
    and (old.stuck_at is distinct from new.stuck_at or old.rested_at is distinct from new.rested_at))
  execute function feed.tell('attention');
revoke execute on all functions in schema feed from public;
