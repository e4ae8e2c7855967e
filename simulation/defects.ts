import type { Patch } from '../core/simulation/build.js';

/** One way to get a choreographed saga wrong, as a patch of the product that the simulation has to catch. */
export interface Defect {
  readonly name: string;
  readonly patches: readonly Patch[];
}

const defect = (name: string, file: string, find: string, replace: string): Defect => ({
  name,
  patches: [{ file, find, replace }],
});

const begin = 'core/activity/begin.ts';
const consumer = 'core/activity/consumer.ts';
const inspection = 'core/activity/inspection.ts';
const outbox = 'core/activity/outbox.ts';
const runtime = 'core/workflow/runtime.ts';
const context = 'core/workflow/context.ts';
const mailbox = 'core/workflow/mailbox.ts';
const sweep = 'core/sweep/sweep.ts';
const orderRules = 'activities/order-rules.ts';
const paymentRules = 'activities/payment-rules.ts';
const inventoryRules = 'activities/inventory-rules.ts';
const notificationRules = 'activities/notification-rules.ts';

export const defects: readonly Defect[] = [
  defect(
    'the consumer keeps no inbox row',
    consumer,
    'await tx.inbox.remember({ key, sagaId, runId, outcome: after.status });',
    ';',
  ),
  defect(
    'the consumer remembers only what its own run has applied',
    consumer,
    'if (appliedBy !== undefined) return',
    'if (appliedBy === runId) return',
  ),
  defect(
    'a repeat does not return what is still to be published',
    consumer,
    'if (appliedBy !== undefined) return this.#result(tx, context, row);',
    'if (appliedBy !== undefined) return { ...(await this.#result(tx, context, row)), unpublished: [] };',
  ),
  defect(
    'an event is not written to the outbox',
    consumer,
    'await tx.journal.append(completeEvent(this.#contract, sagaId, decision.emit, now));',
    'completeEvent(this.#contract, sagaId, decision.emit, now);',
  ),
  defect(
    'an order is stored without its event',
    begin,
    'await tx.journal.append(completeEvent(contract, sagaId, emit, now));',
    'completeEvent(contract, sagaId, emit, now);',
  ),
  defect(
    'a placement does not find the order that is there',
    begin,
    "if (there.status !== 'NOTHING') return there as Begun<Row>;",
    '',
  ),
  defect(
    'Order does not look at its row first',
    'workflows/order.ts',
    'let row = await context.ensure.look(null);',
    "let row = { status: 'NOTHING' };",
  ),
  defect(
    'the row is saved only when an event is emitted',
    consumer,
    "if (decision.kind === 'change') await tx.save",
    "if (decision.kind === 'change' && decision.emit) await tx.save",
  ),
  defect(
    'publish before commit: an event can be delivered before the row that it speaks of is committed',
    consumer,
    "if (decision.kind === 'change') await tx.save(sagaId, after, now);",
    `if (decision.kind === 'change')
      void this.#store.transaction((own) => own.save(sagaId, after, now)).catch(() => undefined);`,
  ),
  defect(
    'an event is not compared with the journal',
    inspection,
    'if (!isSame(journaled.event, { type, payload }))',
    'if (journaled.event.type !== type)',
  ),
  defect(
    'an event that is addressed to somebody else is applied',
    inspection,
    'if (!subscribersOf(choreography, type, journaled.causeType).includes(service))',
    'if (subscribersOf(choreography, type, journaled.causeType).length === 0)',
  ),
  defect(
    'an event is marked delivered after its first subscriber',
    outbox,
    'await deliver(subscriber, event);',
    '{ await deliver(subscriber, event); await outbox.markDelivered(eventId, missing); }',
  ),
  defect(
    'an error while delivering is swallowed',
    outbox,
    'await deliver(subscriber, event);',
    'await deliver(subscriber, event).catch(() => undefined);',
  ),
  defect(
    'an event is marked delivered before it is delivered',
    outbox,
    'if (missing === undefined) return;',
    'if (missing === undefined) return; await outbox.markDelivered(eventId, missing);',
  ),
  defect(
    'a subscriber is missing: Inventory does not hear of a cancelled payment',
    'core/choreography.ts',
    '.map(({ service }) => service);',
    ".map(({ service }) => service).filter((service) => type !== 'PaymentCancelledEvent' || service !== 'inventory');",
  ),
  defect(
    'a participant closes with events in its mailbox',
    runtime,
    'if (!host.mailbox.isEmpty) continue;',
    '',
  ),
  defect(
    'a run that continues as new leaves behind what it has not used',
    runtime,
    "if (end === 'LOOK_AGAIN') continue;",
    `if (end === 'LOOK_AGAIN') continue;
    if (end === 'CONTINUE_AS_NEW') return host.engine.continueAsNew(host.sagaId);`,
  ),
  defect(
    'a run that continues as new does not start',
    runtime,
    "return end === 'DONE' ? context.result : host.engine.continueAsNew(host.sagaId);",
    'return context.result;',
  ),
  defect(
    'what failed as a local activity is given up silently',
    context,
    'return this.#regularly<Result>(name, args, summary, isDone);',
    'return { unpublished: [], row: {} } as Result;',
  ),
  defect(
    'only the first event of an effect is published',
    context,
    'of unpublished)',
    'of unpublished.slice(0, 1))',
  ),
  defect(
    'a timer is never cancelled: that of an earlier wait ends a later one',
    context,
    'await engine.until(isOver, { ms: until - now, summary });',
    `{
      void engine
        .until(() => false, { ms: until - now, summary })
        .then(() => Object.assign(this, { isExpired: true }));
      await engine.until(() => isOver() || 'isExpired' in this);
    }`,
  ),
  defect(
    'a wait is measured with the clock of the machine',
    context,
    'const now = engine.now();',
    'const now = Date.now();',
  ),
  defect(
    'an effect is dated by the clock of the workflow alone, which stands still while a task is held up',
    consumer,
    'const now = later(context.now, databaseTime);',
    'const now = later(context.now, context.now);',
  ),
  defect(
    'a repeat is dropped uncounted',
    consumer,
    'if (event) await countRepeats(tx, context, event, appliedBy);',
    '',
  ),
  defect(
    'a copy of what waits in the mailbox is not counted',
    mailbox,
    'this.#seen.set(content, (this.#seen.get(content) ?? 0) + 1);',
    'this.#seen.set(content, 1);',
  ),
  defect(
    'the mailbox takes two events of one id for the same, whatever they say',
    mailbox,
    'const contentOf = (event: AnyEvent): string => boundedJson(event);',
    'const contentOf = (event: AnyEvent): string => event.payload.eventId;',
  ),
  defect(
    'an operator who asks for a retry is not heard',
    'core/workflow/retry-gate.ts',
    "this.#request = { type: 'RETRY', key, operator };",
    '',
  ),
  defect(
    'a participant inspects a late event instead of reacting to it',
    context,
    'await react(this as never, event as never);',
    "await this.#ensure('inspect', event);",
  ),
  defect(
    'a participant leaves in its mailbox what it did not ask for',
    runtime,
    'await context.reactToLateEvents(participant);',
    '',
  ),
  defect(
    'a timer refunds a confirmed payment',
    paymentRules,
    "if (row.status !== 'CHARGED' || now < row.charge.answerBy) return NO_EFFECT;",
    "if (row.status !== 'CHARGED' && row.status !== 'CONFIRMED') return NO_EFFECT;",
  ),
  {
    name: 'a charge of unknown outcome is made void although it was committed',
    patches: [
      {
        file: paymentRules,
        find: "return row.status === 'NOTHING' ? fail('VOID', 'PAYMENT_ERROR'",
        replace: "return row.status !== 'VOID' ? fail('VOID', 'PAYMENT_ERROR'",
      },
      {
        file: 'activities/payment.ts',
        find: 'consumer.consume(context, order, voidCharge),',
        replace:
          'consumer.apply(context, { key: `void ${order.payload.eventId}`, decide: (row) => voidCharge(row, order) }),',
      },
    ],
  },
  defect(
    'a confirmed payment is not refunded when its order is cancelled',
    paymentRules,
    "    case 'CHARGED':\n    case 'CONFIRMED':\n      return refund(row.charge, 'ORDER_CANCELLED'",
    "    case 'CONFIRMED':\n      return NO_EFFECT;\n    case 'CHARGED':\n      return refund(row.charge, 'ORDER_CANCELLED'",
  ),
  defect(
    'a deposit takes the room of money that may be refunded',
    'db/payment/wallet-room.ts',
    'limits.balance.max - balance - charged',
    'limits.balance.max - balance',
  ),
  defect(
    'a cancelled payment that Inventory does not know leaves no tombstone',
    inventoryRules,
    "    case 'NOTHING':\n      return change({ status: 'RELEASED' });",
    "    case 'NOTHING':\n      return NO_EFFECT;",
  ),
  {
    name: 'a reservation of unknown outcome is made void although it was committed',
    patches: [
      {
        file: inventoryRules,
        find: "return row.status === 'NOTHING'\n    ? fail({ status: 'RELEASED' }",
        replace: "return row.status !== 'RELEASED'\n    ? fail({ status: 'RELEASED' }",
      },
      {
        file: 'activities/inventory.ts',
        find: 'consumer.consume(context, payment, voidReservation),',
        replace:
          'consumer.apply(context, { key: `void ${payment.payload.eventId}`, decide: (row) => voidReservation(row, payment) }),',
      },
    ],
  },
  defect(
    'a cancelled payment that Notification does not know leaves no tombstone',
    notificationRules,
    "return change({ status: 'REVOKED', notice: null });",
    'return NO_EFFECT;',
  ),
  defect(
    'a mail that may have gone out is not announced when it is revoked',
    notificationRules,
    'return row.attempts.some(isFateUnknown)',
    'return row.attempts.some(() => false)',
  ),
  defect(
    'a mail that is on its way is not announced when it is revoked',
    notificationRules,
    "fate === null || fate === 'UNKNOWN'",
    "fate === 'UNKNOWN'",
  ),
  defect(
    'an attempt is recorded only when it has ended',
    notificationRules,
    'attempts: [...row.attempts, attempt] });',
    "attempts: [...row.attempts, { ...attempt, fate: 'REFUSED' }] });",
  ),
  defect(
    'a refund does not win against a completed order (R4)',
    orderRules,
    'if (row.refundedAt !== null) return NO_EFFECT;',
    "if (row.refundedAt !== null || row.status === 'COMPLETED') return NO_EFFECT;",
  ),
  defect(
    'what the customer was told is hidden once the order is final (R9)',
    orderRules,
    'if (row.toldAt !== null && (payload.uncertain || isFinal(row.status))) return NO_EFFECT;',
    'if (isFinal(row.status)) return NO_EFFECT;',
  ),
  defect(
    'the deadline cancels an order that is paid and reserved',
    orderRules,
    "return wait === 'saga' ? keep(raise(row, 'NOTIFICATION_OVERDUE', now), now) : NO_EFFECT;",
    "return wait === 'saga' ? cancel(row, 'OUT_OF_STOCK', 'SAGA_TIMEOUT', now) : NO_EFFECT;",
  ),
  defect(
    'nobody is called when the notification has failed',
    orderRules,
    "return keep(raise(reach(row, 'INVENTORY_RESERVED', now, eventId), 'NOTIFICATION_FAILED', now), now);",
    "return keep(reach(row, 'INVENTORY_RESERVED', now, eventId), now);",
  ),
  defect(
    'the sweep is left out',
    sweep,
    'const { sagas, hasMore } = await this.#store.take();',
    'const { sagas, hasMore } = { sagas: [], hasMore: false };\n    if (!hasMore) return false;',
  ),
  defect(
    'the sweep makes nobody look who has an answer to deliver or a deadline behind',
    sweep,
    'if (unhandled.length === 0) await this.#signals.wake(this.#service, sagaId);',
    '',
  ),
  defect(
    'the sweep does not signal again what was delivered and left no trace',
    sweep,
    'for (const event of unhandled) await this.#signals.deliver(this.#service, event);',
    '',
  ),
  defect(
    'the sweep does not miss the participant of a parked notification',
    sweep,
    'await this.#wakeParked();',
    '',
  ),
  defect('a look is not heard', mailbox, 'this.#isLookDue = true;', 'this.#isLookDue = false;'),
  defect(
    'a parked participant does not look',
    'core/workflow/retry-gate.ts',
    'isOver() || isInterrupted()',
    'isOver()',
  ),
  defect(
    'a wait keeps its timer when its row has been read again',
    context,
    'if (!event && this.#isInterrupted()) this.#interrupt();',
    `if (!event && mailbox.isLookDue) {
      await this.lookAgain();
      return this.#receive(types, waitingFor, until);
    }
    if (!event && this.#isInterrupted()) this.#interrupt();`,
  ),
  defect(
    'an event that begins a participant lies in the mailbox of one that waits',
    context,
    'return mailbox.isLookDue || mailbox.has(this.#begins) || engine.isHistoryLong();',
    'return mailbox.isLookDue || engine.isHistoryLong();',
  ),
  defect(
    'the mailbox remembers what it has handed out, and drops it when it comes again',
    mailbox,
    'if (this.#contents.has(content)) return;',
    'if (this.timesSeen(event) > 1) return;',
  ),
  defect(
    'an event that has no effect leaves no trace',
    consumer,
    "if (event || decided.kind !== 'none')",
    "if (decided.kind !== 'none')",
  ),
  defect(
    'an attempt that has no effect on a row that was set back can never begin again',
    consumer,
    "if (event || decided.kind !== 'none')",
    '',
  ),
  {
    name: 'a late event that begins a participant is inspected instead',
    patches: [
      {
        file: context,
        find: 'for (let event = mailbox.takeOther(begins); event; event = mailbox.takeOther(begins)) {',
        replace: 'for (let event = mailbox.takeOther([]); event; event = mailbox.takeOther([])) {',
      },
      {
        file: context,
        find: 'if (isAddressedTo(choreography, event.type, service))',
        replace: 'if (!begins.includes(event.type) && isAddressedTo(choreography, event.type, service))',
      },
    ],
  },
  defect(
    'an event that the journal has lost is published for ever',
    outbox,
    'if (!journaled) return;',
    'if (!journaled) throw new Error(`the journal holds no event ${eventId}`);',
  ),
  defect(
    'an attempt to send does not put off the next look',
    notificationRules,
    'return change({ ...row, nextAttemptBy, attempts',
    'return change({ ...row, attempts',
  ),
  defect(
    'an order whose lateness is on record stays due',
    'db/order/order-row.ts',
    'return isOverdue(row) ? null : row.sagaDue;',
    'return row.sagaDue;',
  ),
  defect(
    'a wait looks at the clock before the mailbox (R3)',
    context,
    'const event = mailbox.take(types);\n    if (!event',
    'const event = until !== undefined && engine.now() >= until ? undefined : mailbox.take(types);\n    if (!event',
  ),
  defect(
    'only the first product goes back',
    inventoryRules,
    "command: { kind: 'release', items },",
    "command: { kind: 'release', items: items.slice(0, 1) },",
  ),
  defect(
    'a call for a person whose customer was told in vain is cleared like any other',
    orderRules,
    "entry.code === 'CUSTOMER_TOLD_THEN_REFUNDED' ? entry : { ...entry,",
    'false ? entry : { ...entry,',
  ),
  defect(
    'a row that is there is not locked (R1)',
    consumer,
    'const row = await tx.lock(sagaId);',
    'const row = (await tx.read(sagaId)) ?? (await tx.lock(sagaId));',
  ),
  defect(
    'a charge is tried twice',
    context,
    'const ONE_TRY: LocalTries = { timeout: 4_000, attempts: 1,',
    'const ONE_TRY: LocalTries = { timeout: 4_000, attempts: 2,',
  ),
  defect(
    'a charge of unknown outcome is tried again by the participant',
    'workflows/payment.ts',
    '(await context.once.charge(event)) ??',
    '(await context.once.charge(event)) ?? (await context.once.charge(event)) ??',
  ),
  defect(
    'an event carries the id of its cause for that of its request',
    'core/activity/complete-event.ts',
    'correlationId: cause.correlationId,',
    'correlationId: cause.eventId ?? cause.correlationId,',
  ),
  defect(
    'a charge takes the price of one piece',
    paymentRules,
    "command: { kind: 'debit', customerId, total },",
    "command: { kind: 'debit', customerId, total: order.payload.items[0].unitPrice },",
  ),
  defect(
    'a row is never dated anew',
    consumer,
    'await tx.save(sagaId, after, now);',
    'await tx.save(sagaId, after, 0);',
  ),
  defect('a wait does not say what for', context, '    engine.describe(summary);\n', '\n'),
  defect(
    'an effect does not say what it answers',
    context,
    "return { summary: type === 'TIMEOUT' ? `${wait} timeout` : type };",
    'return {};',
  ),
  defect(
    'Payment is deaf to a cancelled order while it waits',
    'workflows/payment.ts',
    "['InventoryReservedEvent', 'InventoryReservationFailedEvent', 'OrderCancelledEvent']",
    "['InventoryReservedEvent', 'InventoryReservationFailedEvent']",
  ),
  defect(
    "an order's deadline is published as that of its payment",
    'db/order/place-order.ts',
    'data: { customerId, items, total, answerBy: paymentDue },',
    'data: { customerId, items, total, answerBy: sagaDue },',
  ),
  defect(
    'a wait is twice as long',
    context,
    '{ ms: until - now, summary }',
    '{ ms: 2 * (until - now), summary }',
  ),
  defect(
    'a refund gives another reason than the failure that caused it',
    paymentRules,
    'refund(row.charge, event.payload.reason, causeOf(event))',
    "refund(row.charge, 'OUT_OF_STOCK', causeOf(event))",
  ),
  defect(
    'the history does not name the event',
    orderRules,
    'history: [...row.history, { status, at, eventId }],',
    'history: [...row.history, { status, at, eventId: null }],',
  ),
  defect(
    'the customer was told when Order heard of it',
    orderRules,
    'toldAt: row.toldAt ?? payload.occurredAt }',
    'toldAt: row.toldAt ?? now }',
  ),
  defect(
    'a call for a person stays open when the order is final',
    orderRules,
    'clearedAt: entry.clearedAt ?? now }',
    'clearedAt: entry.clearedAt }',
  ),
  defect(
    'a mail of unknown fate counts as refused',
    'activities/notification.ts',
    "fate: refused ? 'REFUSED' : 'UNKNOWN' }",
    "fate: 'REFUSED' }",
  ),
  defect(
    'the pause between two attempts to send is half as long',
    'workflows/notification.ts',
    'intervalMs: retryIntervalMs,',
    'intervalMs: retryIntervalMs / 2,',
  ),
  defect(
    'the number of the next attempt is a count, which has a gap where one could not be recorded',
    notificationRules,
    'Math.max(0, ...row.attempts.filter(({ round }) => round === row.round).map(({ number }) => number));',
    'row.attempts.filter(({ round }) => round === row.round).length;',
  ),
  defect(
    "an operator's retry is due when the last attempt was",
    notificationRules,
    'round: row.round + 1, nextAttemptBy })',
    'round: row.round + 1 })',
  ),
  defect(
    'an event without effect is not counted',
    consumer,
    'else if (event) await countNoEffect(tx, context, event);',
    '',
  ),
  defect('the newest event is published first', context, 'of unpublished)', 'of [...unpublished].reverse())'),
  defect(
    'subscribers are told in another order than that of the catalogue',
    outbox,
    'of missing) await',
    'of [...missing].reverse()) await',
  ),
  defect(
    'a start carries the event, and the signal is a look',
    'core/activity/delivery.ts',
    'args: [sagaIdOf(choreography, event)],\n  signal: event.type,\n  signalArgs: [event.payload],',
    "args: [sagaIdOf(choreography, event), event],\n  signal: 'look',\n  signalArgs: [],",
  ),
  defect(
    'the journal does not bind the type of an event to its role',
    'core/simulation/database.ts',
    'if (!publishedTypesOf(this.#choreography, service).includes(event.type))',
    'if (false)',
  ),
  defect(
    'a signal of a name of the SDK is handed on as it is',
    'core/workflow/signal-names.ts',
    'REFUSED.test(name) ? `~${name}` : name',
    'name',
  ),
  defect(
    'bytes that cannot be decoded throw',
    'core/workflow/payload-converter.ts',
    'return new Undecodable(error, payload.data) as never;',
    'throw error;',
  ),
  defect(
    'an event of another order is applied',
    inspection,
    'if (sagaIdOf(choreography, event) !== sagaId)',
    'if (false)',
  ),
];
