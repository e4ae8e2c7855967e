/**
 * A queue in PostgreSQL in the place of Temporal: who publishes an event enqueues it for all subscribers, in the transaction
 * of the effect.
 */
export const schema = `
  create schema outbox;

  create table outbox.deliveries (
    delivery_id bigint generated always as identity primary key,
    service text not null,
    order_id uuid not null,
    event_id uuid not null,
    attempts integer not null default 0,
    -- When it is tried next; whoever works on it moves this on first.
    due_at timestamptz not null default now()
  );
  create index due_deliveries on outbox.deliveries (service, due_at);

  -- The catalogue.
  create table outbox.subscribers (
    type text not null,
    service text not null,
    unless_caused_by text
  );

  create function outbox.enqueue() returns trigger language plpgsql security definer set search_path = '' as $$
  begin
    insert into outbox.deliveries (service, order_id, event_id)
      select service, new.order_id, new.event_id from outbox.subscribers
      where type = new.type and unless_caused_by is distinct from
        coalesce((select cause.type from journal.events cause where cause.event_id = new.causation_id), '');
    new.delivered_at := now();
    new.delivered_to := array(select service from outbox.deliveries where event_id = new.event_id);
    perform pg_notify('outbox', service) from unnest(new.delivered_to) service;
    return new;
  end $$;

  create trigger enqueue before insert on journal.events for each row execute function outbox.enqueue();
  alter table journal.events disable trigger enqueue;

  grant usage on schema outbox to order_service, payment_service, inventory_service, notification_service;
  grant select, update, delete on outbox.deliveries to order_service, payment_service, inventory_service, notification_service;`;
