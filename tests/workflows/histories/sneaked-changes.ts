import type { Patch } from '../../../core/simulation/build.js';

/** A change of what participants ask of Temporal that somebody makes without a patch. */
export interface SneakedChange {
  readonly name: string;
  readonly patches: readonly Patch[];
}

const change = (
  name: string,
  file: string,
  ...edits: readonly (readonly [string, string])[]
): SneakedChange => ({
  name,
  patches: edits.map(([find, replace]) => ({ file, find, replace })),
});

const order = 'workflows/order.ts';
const payment = 'workflows/payment.ts';
const inventory = 'workflows/inventory.ts';
const notification = 'workflows/notification.ts';
const context = 'core/workflow/context.ts';
const runtime = 'core/workflow/runtime.ts';
const retryGate = 'core/workflow/retry-gate.ts';
const temporal = 'core/workflow/temporal.ts';

/**
 * A replay compares the kinds and names of commands. It cannot see durations, numbers of attempts, inputs, summaries, or
 * the order of two publishes; a run that began before such a change simply goes on with it. It also misses a new timer
 * that the next event cancels before any other command. So none of these is here.
 */
export const sneakedChanges: readonly SneakedChange[] = [
  // Effects more, fewer or of another name.
  change('the row is not looked at first', order, [
    'let row = await context.ensure.look(null);',
    "let row = { status: 'NOTHING' };",
  ]),
  change('a look before the order is cancelled', order, [
    'return context.ensure.cancel(event);',
    'return context.ensure.look(null).then(() => context.ensure.cancel(event));',
  ]),
  change('a step before the charge', payment, [
    'return (await context.once.charge(event))',
    'await context.ensure.look(null);\n      return (await context.once.charge(event))',
  ]),
  change('the charge renamed', payment, ['context.once.charge', 'context.once.debit']),
  change('a look before the charge is made void', payment, [
    'context.ensure.void(event)',
    'context.ensure.look(null).then(() => context.ensure.void(event))',
  ]),
  change(
    'a look before the refund by timeout',
    payment,
    [
      "case 'TIMEOUT':\n",
      "case 'TIMEOUT':\n      if (event.type === 'TIMEOUT') await context.ensure.look(null);\n",
    ],
    ['function react(', 'async function react('],
  ),
  change('a look before the reservation is made void', inventory, [
    'context.ensure.void(event)',
    'context.ensure.look(null).then(() => context.ensure.void(event))',
  ]),
  change('a look before parking', notification, [
    'const next = await context.park',
    'await context.ensure.look(null);\n  const next = await context.park',
  ]),
  change('giveUp renamed', notification, ['context.ensure.giveUp', 'context.ensure.fail']),
  change('a retry announced before it begins', notification, [
    'context.ensure.retry(next)',
    'context.ensure.look(null).then(() => context.ensure.retry(next))',
  ]),
  change('a tombstone left out', inventory, [
    'return react(context, event);\n    case undefined:',
    'return context.ensure.look(null);\n    case undefined:',
  ]),
  // The mailbox.
  change('an order is charged before its cancellation is looked for', payment, [
    "context.take('OrderCancelledEvent') ?? context.take('OrderCreatedEvent')",
    "context.take('OrderCreatedEvent') ?? context.take('OrderCancelledEvent')",
  ]),
  change('a payment is reserved for before its cancellation is looked for', inventory, [
    "context.take('PaymentCancelledEvent') ?? context.take('PaymentCompletedEvent')",
    "context.take('PaymentCompletedEvent') ?? context.take('PaymentCancelledEvent')",
  ]),
  change('a notification is prepared before its cancellation is looked for', notification, [
    "context.take('PaymentCancelledEvent') ?? context.take('InventoryReservedEvent')",
    "context.take('InventoryReservedEvent') ?? context.take('PaymentCancelledEvent')",
  ]),
  change('a cancelled notification gives up', notification, [
    'return cancelled ? react(context, cancelled) :',
    'return',
  ]),
  change('late events are inspected only', runtime, [
    'await context.reactToLateEvents(participant);',
    'await context.reactToLateEvents({ ...participant, react: (_, event) => context.ensure.inspect(event) });',
  ]),
  change('what the service has no effect for is ignored', context, [
    "else await this.#ensure('inspect', event);",
    '',
  ]),
  change('what came after the last effect is not reported', context, [
    "while (!this.#host.mailbox.malformed.isReported) await this.#ensure('look', null);",
    '',
  ]),
  change('a begin event that comes again lies there until the wait is over', context, [
    'return mailbox.isLookDue || mailbox.has(this.#begins) || engine.isHistoryLong();',
    'return mailbox.isLookDue || engine.isHistoryLong();',
  ]),
  // A look.
  change('a waiting or parked participant ignores a look', context, [
    'return mailbox.isLookDue || mailbox.has(this.#begins) || engine.isHistoryLong();',
    'return mailbox.has(this.#begins) || engine.isHistoryLong();',
  ]),
  change('a parked participant ignores a look', context, [
    'gate.park(types, this.#isInterrupted)',
    'gate.park(types, () => this.#host.engine.isHistoryLong())',
  ]),
  change('a participant that is looked at continues as new', context, [
    "throw new Interrupted(mustLook ? 'LOOK_AGAIN' : 'CONTINUE_AS_NEW');",
    "if (mustLook) mailbox.lookIsTaken();\n    throw new Interrupted('CONTINUE_AS_NEW');",
  ]),
  change('a look beside an attempt is ignored', context, [
    'await engine.until(() => isOver() || mailbox.isLookDue);',
    'await engine.until(isOver);',
  ]),
  change('a look that came after the last effect is ignored', runtime, [
    'if (host.mailbox.isLookDue) await context.lookAgain();',
    'if (false) await context.lookAgain();',
  ]),
  // Waits.
  change('a timer before the reservation', inventory, [
    'return (await context.once.reserve(event))',
    "await context.receive([], { wait: 'pause', waitingFor: 'a moment', until: Date.now() + 10, causeId: '' });\n      return (await context.once.reserve(event))",
  ]),
  change('the wait for the payment has no timer', order, [
    'context.receive(anyEvent, deadline)',
    'context.receiveWhenever(anyEvent, deadline)',
  ]),
  change('the wait for the reservation has no timer', order, [
    "context.receive(anyEvent, sagaDeadline(row, 'the reservation'))",
    "context.receiveWhenever(anyEvent, { waitingFor: 'the reservation' })",
  ]),
  change("Payment's wait has no timer", payment, [
    'await context.receive(',
    'await context.receiveWhenever(',
  ]),
  change('timers have gone', temporal, ['if (timer) await condition', 'if (false) await condition']),
  // How effects are run.
  change('the charge is tried until it succeeds', payment, ['context.once.charge', 'context.ensure.charge']),
  change('the reservation is tried until it succeeds', inventory, [
    'context.once.reserve',
    'context.ensure.reserve',
  ]),
  change(
    'the mail is sent by a local activity',
    context,
    ['const running = engine.activity<', 'const running = (engine as any).sent<'],
    [
      'if (maximumAttempts <= 0)',
      '(engine as any).sent = (name, args, tries) => ({ result: engine.local(name, args, tries), stop: () => undefined });\n    if (maximumAttempts <= 0)',
    ],
  ),
  change('an attempt in flight is not told to stop', context, ['if (!hasEnded) running.stop();', '']),
  change('effects are regular activities', context, [
    'return await engine.local<Result>(name, args, { ...SOME_TRIES, ...summary });',
    'return await engine.activity<Result>(name, args, { ...UNTIL_DONE, ...summary }).result;',
  ]),
  change('what fails for long is not tried as a regular activity', context, [
    'return this.#regularly<Result>(name, args, summary, isDone);',
    'return engine.local<Result>(name, args, { ...SOME_TRIES, ...summary });',
  ]),
  // Publishing and showing.
  change('nothing is published', context, [
    "await this.#untilDone('publish', [eventId], { summary: type });",
    ';',
  ]),
  change(
    'published first, and shown then',
    context,
    ['    this.#host.onRow?.(row);\n', ''],
    [
      '    return row;\n  }\n\n  async #untilDone',
      '    this.#host.onRow?.(row);\n    return row;\n  }\n\n  async #untilDone',
    ],
  ),
  change('a status in between is shown', 'workflows/order-status.ts', [
    ' || (shown !== undefined && !isFinal(status))',
    '',
  ]),
  change('one more search attribute', 'workflows/order-status.ts', [
    'upsertSearchAttributes([{ key: statusKey, value: status }]);',
    'upsertSearchAttributes([{ key: statusKey, value: status }]);\n  upsertSearchAttributes([{ key: statusKey, value: status }]);',
  ]),
  change('the status is not shown', 'workflows/index.ts', ['{ onRow: showOrderStatus }', '{}']),
  // Operators and long histories.
  change('an operator is not heard', 'workflows/index.ts', ['retryUpdate: RETRY_NOTIFICATION,', '']),
  change('a participant never continues as new', context, [
    'mailbox.has(this.#begins) || engine.isHistoryLong()',
    'mailbox.has(this.#begins)',
  ]),
  change('a parked participant never continues as new', retryGate, [
    'isOver() || isInterrupted()',
    'isOver()',
  ]),
  change('a long history ends its participant', runtime, [
    "return end === 'DONE' ? context.result : host.engine.continueAsNew(host.sagaId);",
    'return context.result;',
  ]),
];
