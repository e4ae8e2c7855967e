/** A rule, and the query that finds violations: rows of `subject` and, where it helps, `detail`. */
export interface AuditRule {
  /** Says in plain words what is wrong. */
  readonly broken: string;
  /** `$1` is the moment before which services must have caught up with each other. */
  readonly sql: string;
}

const late = (column: string): string => `${column} < $1::timestamptz`;

/** Holds at any time, since one transaction writes it all. */
const always = `$1::timestamptz is not null`;

/**
 * Every service has had time to react to everything about the order `o`. Events count too: a refund may be under way
 * long after the order reached its state (R4).
 */
const atRest = `${late('o.updated_at')} and not exists (select from journal.events young
  where young.order_id = o.order_id and not ${late('greatest(young.recorded_at, young.delivered_at)')})`;

const isKept = `o.status in ('INVENTORY_RESERVED', 'COMPLETED')`;
const hasFailed = `o.status in ('PAYMENT_FAILED', 'OUT_OF_STOCK')`;

/** The status in `row` for the order `o`; a service that was never asked has no row. */
const says = (row: string): string => `coalesce(${row}.status, 'NOTHING')`;
const disagreement = (row: string): string => `o.status || ', and it is ' || ${says(row)} as detail`;

/**
 * What must hold, written a second time on purpose: nothing here is shared with the services, so a mistake in their
 * rules is not repeated. Services that follow one another get time to do so.
 */
export const auditRules: readonly AuditRule[] = [
  {
    broken: 'a wallet is not the sum of its ledger',
    sql: `select customer_id as subject, balance || ', and charged ' || charged as detail
      from payment.wallets left join payment.wallet_ledger using (customer_id) where ${always}
      group by customer_id, balance, charged
      having balance <> coalesce(sum(amount), 0) or balance < 0
        or charged <> coalesce(-sum(amount) filter (where kind <> 'DEPOSIT'), 0)`,
  },
  {
    broken: 'a stock is not the sum of its ledger',
    sql: `select sku as subject, available || '+' || reserved as detail
      from inventory.stock left join inventory.stock_ledger using (sku) where ${always}
      group by sku, available, reserved
      having available <> coalesce(sum(available_change), 0) or reserved <> coalesce(sum(reserved_change), 0)
        or available < 0 or reserved < 0`,
  },
  {
    broken: 'a reserved or completed order is not charged exactly once, its total',
    sql: `select order_id as subject, coalesce(sum(-l.amount), 0)::text as detail
      from orders.orders o left join payment.wallet_ledger l using (order_id)
      where ${isKept} and ${atRest}
      group by order_id, o.total having coalesce(sum(-l.amount), 0) <> o.total`,
  },
  {
    broken: 'the pieces of a reserved or completed order are not reserved exactly once',
    sql: `select order_id as subject from orders.orders o
      where ${isKept} and ${atRest} and
        (select sum((item ->> 'quantity')::bigint) from jsonb_array_elements(o.items) item) is distinct from
        (select sum(reserved_change) from inventory.stock_ledger l where l.order_id = o.order_id)`,
  },
  {
    broken: 'nobody was told of a completed order',
    sql: `select order_id as subject from orders.orders o where status = 'COMPLETED' and told_at is null and ${always}`,
  },
  {
    broken: 'an order that failed is still charged',
    sql: `select order_id as subject, sum(-l.amount)::text as detail
      from orders.orders o join payment.wallet_ledger l using (order_id)
      where ${hasFailed} and ${atRest}
      group by order_id having sum(l.amount) <> 0`,
  },
  {
    broken: 'an order that failed still holds stock',
    sql: `select order_id as subject, sum(l.reserved_change)::text as detail
      from orders.orders o join inventory.stock_ledger l using (order_id)
      where ${hasFailed} and ${atRest}
      group by order_id having sum(l.reserved_change) <> 0`,
  },
  {
    broken: 'the payment does not agree with the order',
    sql: `select order_id as subject, ${disagreement('p')}
      from orders.orders o left join payment.payments p using (order_id)
      where ${atRest} and case when ${isKept} then ${says('p')} <> 'CONFIRMED' when o.status = 'OUT_OF_STOCK'
        then ${says('p')} <> 'REFUNDED' else ${hasFailed} and ${says('p')} in ('CHARGED', 'CONFIRMED') end`,
  },
  {
    broken: 'the reservation does not agree with the order',
    sql: `select order_id as subject, ${disagreement('r')}
      from orders.orders o left join inventory.reservations r using (order_id)
      where ${atRest} and case when ${isKept} then ${says('r')} <> 'RESERVED'
        else ${hasFailed} and ${says('r')} = 'RESERVED' end`,
  },
  {
    broken: 'the notification does not agree with the order',
    sql: `select order_id as subject, ${disagreement('n')}
      from orders.orders o left join notification.notifications n using (order_id)
      where ${atRest} and case o.status when 'COMPLETED' then ${says('n')} <> 'SENT'
        when 'INVENTORY_RESERVED' then ${says('n')} in ('SENT', 'REVOKED')
        else ${hasFailed} and ${says('n')} in ('SENDING', 'FAILED') end`,
  },
  {
    broken: 'a service took note of a cancellation, and its row does not show it',
    sql: `select order_id as subject, e.type || ', and ' || service || ' has ' || ${says('took_note')} as detail
      from journal.events e join (
        select key, order_id, 'Order' as service, status from orders.inbox left join orders.orders using (order_id)
          union all
        select key, order_id, 'Payment', status from payment.inbox left join payment.payments using (order_id)
          union all
        select key, order_id, 'Inventory', status from inventory.inbox left join inventory.reservations using (order_id)
          union all
        select key, order_id, 'Notification', status
          from notification.inbox left join notification.notifications using (order_id)
      ) took_note using (order_id)
      where key = event_id::text and e.type in ('OrderCancelledEvent', 'PaymentCancelledEvent') and ${always} and
        ${says('took_note')} not in
          ('PAYMENT_FAILED', 'OUT_OF_STOCK', 'DECLINED', 'VOID', 'REFUNDED', 'REJECTED', 'RELEASED', 'REVOKED', 'SENT')`,
  },
  {
    broken: 'a confirmed payment was given back, though the order was not cancelled',
    sql: `select order_id as subject, 'because of ' || cause.type as detail
      from journal.events e join journal.events cause using (order_id)
      where e.type = 'PaymentCancelledEvent' and cause.event_id = e.causation_id and cause.type <> 'OrderCancelledEvent'
        and ${always} and exists
          (select from payment.inbox i where i.order_id = e.order_id and i.outcome = 'CONFIRMED')`,
  },
  {
    broken: 'the status is not the last one of its history',
    sql: `select order_id as subject, o.status || ' instead of ' || coalesce(h.status, 'none') as detail
      from orders.orders o left join lateral
        (select status from orders.status_history s where s.order_id = o.order_id order by position desc limit 1) h on true
      where h.status is distinct from o.status and ${always}`,
  },
  {
    broken: 'the order took a step that there is not',
    sql: `select order_id as subject, coalesce(before, 'nothing') || ' to ' || status as detail
      from (select order_id, status, lag(status) over (partition by order_id order by position) as before
            from orders.status_history) steps
      where ${always} and (coalesce(before, ''), status) not in (
        ('', 'PENDING_PAYMENT'), ('PENDING_PAYMENT', 'PAYMENT_FAILED'), ('PENDING_PAYMENT', 'PAYMENT_COMPLETED'),
        ('PAYMENT_COMPLETED', 'OUT_OF_STOCK'), ('PAYMENT_COMPLETED', 'INVENTORY_RESERVED'),
        ('INVENTORY_RESERVED', 'COMPLETED'), ('INVENTORY_RESERVED', 'OUT_OF_STOCK'), ('COMPLETED', 'OUT_OF_STOCK'))`,
  },
  {
    broken: 'the customer was told of an order that was then undone, and nobody is called',
    sql: `select order_id as subject from orders.orders o
      where told_at is not null and status in ('PAYMENT_FAILED', 'OUT_OF_STOCK') and ${always} and not exists
        (select 1 from orders.attention a
          where a.order_id = o.order_id and code = 'CUSTOMER_TOLD_THEN_REFUNDED' and cleared_at is null)`,
  },
  {
    broken: 'somebody is called though the order is final',
    sql: `select order_id as subject, code as detail from orders.orders o join orders.attention using (order_id)
      where o.status in ('COMPLETED', 'PAYMENT_FAILED', 'OUT_OF_STOCK') and cleared_at is null and ${always}
        and code <> 'CUSTOMER_TOLD_THEN_REFUNDED'`,
  },
  {
    broken: 'a state of the order names an event that does not lead to it',
    sql: `select h.order_id as subject, status || ' by ' || type as detail
      from orders.status_history h join journal.events e using (order_id, event_id)
      where ${always} and (type, status) not in (
        ('PaymentCompletedEvent', 'PAYMENT_COMPLETED'), ('PaymentFailedEvent', 'PAYMENT_FAILED'),
        ('InventoryReservedEvent', 'PAYMENT_COMPLETED'), ('InventoryReservedEvent', 'INVENTORY_RESERVED'),
        ('PaymentCancelledEvent', 'PAYMENT_COMPLETED'), ('PaymentCancelledEvent', 'OUT_OF_STOCK'),
        ('OrderCompletedNotificationSentEvent', 'PAYMENT_COMPLETED'),
        ('OrderCompletedNotificationSentEvent', 'INVENTORY_RESERVED'),
        ('OrderCompletedNotificationSentEvent', 'COMPLETED'),
        ('OrderCompletedNotificationFailedEvent', 'PAYMENT_COMPLETED'),
        ('OrderCompletedNotificationFailedEvent', 'INVENTORY_RESERVED'))`,
  },
  {
    broken: 'the order says otherwise than the events when the customer was told, or the money went back',
    sql: `select order_id as subject, type as detail
      from orders.orders o cross join (values ('OrderCompletedNotificationSentEvent'), ('PaymentCancelledEvent')) as known (type)
      where ${always} and exists (select from journal.events e where e.order_id = o.order_id and e.type = known.type)
        and case type when 'PaymentCancelledEvent' then refunded_at else told_at end not in (
          select occurred_at from journal.events e where e.order_id = o.order_id and e.type = known.type)`,
  },
  {
    broken: 'an event carries another request than its order',
    sql: `select order_id as subject, type as detail from journal.events e join orders.orders o using (order_id)
      where ${always} and e.correlation_id <> o.correlation_id`,
  },
  {
    broken: 'the customer was told, or may have been, and the order does not know',
    sql: `select order_id as subject from orders.orders o where told_at is null and ${atRest} and (
        exists (select from notification.attempts a where a.order_id = o.order_id and fate = 'ACCEPTED')
        or exists (select from journal.events e
          where e.order_id = o.order_id and type = 'OrderCompletedNotificationSentEvent'))`,
  },
  {
    broken: 'an event was published by somebody else than its service',
    sql: `select order_id as subject, type || ' by ' || published_by as detail from journal.events
      where ${always} and published_by <> case
        when type in ('OrderCreatedEvent', 'OrderCancelledEvent') then 'order_service'
        when type like 'Payment%' then 'payment_service'
        when type like 'Inventory%' then 'inventory_service'
        when type like 'OrderCompletedNotification%' then 'notification_service' end`,
  },
  {
    broken: 'an event has no cause in the journal',
    sql: `select e.order_id as subject, e.type as detail
      from journal.events e left join journal.events cause on cause.event_id = e.causation_id
      where ${always} and cause.event_id is null and e.type <> 'OrderCreatedEvent'`,
  },
  {
    broken: 'an event was never delivered to everybody',
    sql: `select order_id as subject, type as detail from journal.events
      where delivered_at is null and ${late('recorded_at')}`,
  },
  {
    broken: 'an event was delivered to a service, which has no trace of it',
    sql: `select e.order_id as subject, type || ' at ' || subscriber as detail
      from journal.events e cross join lateral unnest(delivered_to) subscriber
      where ${late('delivered_at')} and not exists
          (select from journal.quarantine q where q.event_id = e.event_id and q.service = subscriber)
        and (subscriber, event_id::text) not in (
          select 'order', key from orders.inbox i where i.order_id = e.order_id union all
          select 'payment', key from payment.inbox i where i.order_id = e.order_id union all
          select 'inventory', key from inventory.inbox i where i.order_id = e.order_id union all
          select 'notification', key from notification.inbox i where i.order_id = e.order_id)`,
  },
  {
    broken: 'a service does not come to rest, and nobody is called',
    sql: `select order_id as subject, service || ': ' || why as detail from journal.unfinished
      where rested_at is null and stuck_at is null and ${late("found_at + interval '10 min'")}`,
  },
  {
    broken: 'more than one mail is recorded as sent',
    sql: `select order_id as subject, count(*)::text as detail from notification.attempts
      where fate = 'ACCEPTED' and ${always} group by order_id having count(*) > 1`,
  },
  {
    broken: 'an attempt to send began after a mail was recorded as sent',
    sql: `select order_id as subject, later.number::text as detail
      from notification.attempts sent join notification.attempts later using (order_id)
      where sent.fate = 'ACCEPTED' and later.begun_at > sent.ended_at
        and (later.round, later.number) <> (sent.round, sent.number) and ${always}`,
  },
  {
    broken: 'an attempt to send began after a cancellation was recorded',
    sql: `select order_id as subject, attempt.number::text as detail
      from notification.attempts attempt join notification.inbox using (order_id) join journal.events e using (order_id)
      where key = event_id::text and e.type = 'PaymentCancelledEvent' and begun_at > consumed_at and ${always}`,
  },
  {
    broken: 'an order is past its deadline and waits, though no operator could help',
    sql: `select order_id as subject, o.status as detail
      from orders.orders o left join notification.notifications n using (order_id)
      where o.status not in ('COMPLETED', 'PAYMENT_FAILED', 'OUT_OF_STOCK') and ${late('o.saga_due_at')}
        and coalesce(n.status, 'NOTHING') not in ('SENDING', 'FAILED')`,
  },
  {
    broken: 'a notification has failed for good, and nobody is called',
    sql: `select order_id as subject from notification.notifications n join orders.orders o using (order_id)
      where n.status = 'FAILED' and ${late('n.updated_at')} and o.status not in ('PAYMENT_FAILED', 'OUT_OF_STOCK')
        and not exists (select 1 from orders.attention a
          where a.order_id = n.order_id and code = 'NOTIFICATION_FAILED' and cleared_at is null)`,
  },
];
