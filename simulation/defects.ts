import type { Patch } from './build.js';

/** One way to get a choreographed saga wrong, as a patch of the product that the simulation has to catch. */
export interface Defect {
  readonly name: string;
  readonly patches: readonly Patch[];
}

const defect = (name: string, file: string, find: string, replace: string): Defect => ({
  name,
  patches: [{ file, find, replace }],
});

const hosting = 'workflows/hosting.ts';
const consume = 'activities/consume.ts';
const inspection = 'schemas/inspection.ts';
const publish = 'activities/publish.ts';
const orderRules = 'activities/order-rules.ts';
const paymentRules = 'activities/payment-rules.ts';
const inventoryRules = 'activities/inventory-rules.ts';
const notificationRules = 'activities/notification-rules.ts';

export const defects: readonly Defect[] = [
  defect(
    'the consumer keeps no inbox row',
    consume,
    'await tx.inbox.remember({ key: step.key, orderId, runId, outcome: after.status });',
    '',
  ),
  defect(
    'the consumer remembers only what its own run has applied',
    consume,
    'if (appliedBy !== undefined) return',
    'if (appliedBy === runId) return',
  ),
  defect(
    'a repeat does not return what is still to be published',
    consume,
    'return outcomeOf(tx, orderId, row, { repeated: appliedBy !== runId });',
    'return { ...(await outcomeOf(tx, orderId, row, { repeated: appliedBy !== runId })), unpublished: [] };',
  ),
  defect(
    'an answer is not written to the outbox',
    consume,
    'await tx.journal.append(toEvent(decision.answer, context));',
    'toEvent(decision.answer, context);',
  ),
  defect(
    'the row is saved only when there is an answer',
    consume,
    "if (decision.kind === 'change') await tx.saveRow",
    "if (decision.kind === 'change' && decision.answer) await tx.saveRow",
  ),
  defect(
    'publish before commit: an answer can be delivered before the row that it speaks of is committed',
    consume,
    "if (decision.kind === 'change') await tx.saveRow(orderId, decision.row, now);",
    `if (decision.kind === 'change')
      void store.transaction((own) => own.saveRow(orderId, decision.row, now)).catch(() => undefined);`,
  ),
  {
    name: 'a stale outcome is returned: a repeat is told of the row as it was when the step was applied',
    patches: [
      {
        file: consume,
        find: 'if (appliedBy !== undefined) return outcomeOf(tx, orderId, row, { repeated: appliedBy !== runId });',
        replace: `if (appliedBy !== undefined) {
          const [by, stale] = JSON.parse(appliedBy);
          return outcomeOf(tx, orderId, stale, { repeated: by !== runId });
        }`,
      },
      {
        file: consume,
        find: 'remember({ key: step.key, orderId, runId,',
        replace: 'remember({ key: step.key, orderId, runId: JSON.stringify([runId, after]),',
      },
    ],
  },
  defect(
    'an event is not compared with the journal',
    inspection,
    'if (journaled.event.type !== type || !isDeepStrictEqual(journaled.event.payload, payload))',
    'if (journaled.event.type !== type)',
  ),
  defect(
    'an event that is addressed to somebody else is applied',
    inspection,
    'if (!subscribersOf(type, journaled.causeType).includes(service))',
    'if (subscribersOf(type, journaled.causeType).length === 0)',
  ),
  defect(
    'an event is marked delivered after its first subscriber',
    publish,
    'await deliver(subscriber, journaled.event);',
    '{ await deliver(subscriber, journaled.event); await outbox.markDelivered(eventId); }',
  ),
  defect(
    'an error while delivering is swallowed',
    publish,
    'await deliver(subscriber, journaled.event);',
    'await deliver(subscriber, journaled.event).catch(() => undefined);',
  ),
  defect(
    'an event is marked delivered before it is delivered',
    publish,
    'if (journaled.delivered) return;',
    'if (journaled.delivered) return; await outbox.markDelivered(eventId);',
  ),
  defect(
    'a subscriber is missing: Inventory does not hear of a cancelled payment',
    'schemas/catalogue.ts',
    '.map(({ service }) => service);',
    ".map(({ service }) => service).filter((service) => type !== 'PaymentCancelledEvent' || service !== 'inventory');",
  ),
  defect(
    'a participant closes with events in its inbox',
    hosting,
    'while (!this.#inbox.isEmpty);',
    'while (this.#inbox.isEmpty && false);',
  ),
  defect(
    'a participant closes without reporting what it dropped',
    hosting,
    'await this.#reportTheRest();',
    '',
  ),
  defect(
    'a run that starts anew leaves behind what it has not used',
    hosting,
    'await saga.runOut(() => saga.settleTheRest());',
    '',
  ),
  defect(
    'a run that starts anew does not start',
    hosting,
    'await where.engine.startAnew(where.orderId);',
    '',
  ),
  defect(
    'what failed as a local activity is given up silently',
    hosting,
    'return this.#engine.activity<R>(name, args, { ...UNTIL_DONE, ...summary }).result;',
    'return { unpublished: [], row: {} } as R;',
  ),
  defect(
    'only the first answer of a step is published',
    hosting,
    'of unpublished)',
    'of unpublished.slice(0, 1))',
  ),
  defect(
    'a timer is never cancelled: that of an earlier wait ends a later one',
    hosting,
    'await this.#engine.until(isOver, { ms: waiting.at - now, summary });',
    `{
      void this.#engine
        .until(() => false, { ms: waiting.at - now, summary })
        .then(() => Object.assign(this, { isExpired: true }));
      await this.#engine.until(() => isOver() || 'isExpired' in this);
    }`,
  ),
  defect(
    'a wait is measured with the clock of the machine',
    hosting,
    'const now = this.#engine.now();',
    'const now = Date.now();',
  ),
  defect(
    'the inbox forgets what it has accepted',
    'workflows/inbox.ts',
    'this.#accepted.set(payload.eventId, JSON.stringify(payload));',
    '',
  ),
  defect(
    'an operator who asks for a retry is not heard',
    'workflows/retry-desk.ts',
    'this.#request = request;',
    '',
  ),
  defect(
    'Payment leaves events that it did not ask for',
    'workflows/payment.ts',
    "await saga.settleTheRest({ except: ['OrderCancelledEvent', 'OrderCreatedEvent'] });",
    '',
  ),
  defect(
    'Notification does not look for a cancellation before it sends',
    'workflows/notification.ts',
    "const event = saga.take('PaymentCancelledEvent') ?? saga.take('InventoryReservedEvent');",
    "const event = saga.take('InventoryReservedEvent');",
  ),
  defect(
    'a timer refunds a settled payment',
    paymentRules,
    "if (row.status !== 'CHARGED' || now < row.charge.answerBy) return NO_EFFECT;",
    "if (row.status !== 'CHARGED' && row.status !== 'SETTLED') return NO_EFFECT;",
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
        find: 'consumer.consume(context, received, voidCharge),',
        replace:
          'consumer.apply(context, { key: `void ${received.payload.eventId}`, decide: (row) => voidCharge(row, received) }),',
      },
    ],
  },
  defect(
    'a settled payment is not refunded when its order is cancelled',
    paymentRules,
    "    case 'CHARGED':\n    case 'SETTLED':\n      return refund(row.charge, 'ORDER_CANCELLED'",
    "    case 'SETTLED':\n      return NO_EFFECT;\n    case 'CHARGED':\n      return refund(row.charge, 'ORDER_CANCELLED'",
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
        find: 'consumer.consume(context, received, voidReservation),',
        replace:
          'consumer.apply(context, { key: `void ${received.payload.eventId}`, decide: (row) => voidReservation(row, received) }),',
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
    'return change({ ...row, attempts: [...row.attempts, { round, number, fate: null }] });',
    "return change({ ...row, attempts: [...row.attempts, { round, number, fate: 'REFUSED' }] });",
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
];
