import type { Notification, NotificationEffects } from '../activities/notification.js';
import type { Participant } from '../core/workflow/participant.js';
import type { EventFor, SagaEvent } from '../schemas/event.js';
import type { Context } from './context.js';

type NotificationContext = Context<NotificationEffects>;
type Unfinished = Extract<Notification, { status: 'SENDING' | 'FAILED' }>;

/** Notification tells the customer, trying again a few times; then it parks until an operator asks for a retry. */
export const notification: Participant<
  NotificationContext,
  EventFor<'notification'>,
  'InventoryReservedEvent'
> = {
  begins: ['InventoryReservedEvent'],
  react,
  async run(context) {
    let row = await begin(context);
    while (row.status === 'SENDING' || row.status === 'FAILED')
      row = await (row.status === 'SENDING' ? tellTheCustomer(context, row) : waitForAnOperator(context));
  },
};

/** Nobody is told of a cancelled order, even if its reservation and the cancellation arrive together. */
async function begin(context: NotificationContext): Promise<Notification> {
  const event = context.take('PaymentCancelledEvent') ?? context.take('InventoryReservedEvent');
  switch (event?.type) {
    case 'InventoryReservedEvent':
      return context.ensure.prepare(event);
    case 'PaymentCancelledEvent':
      return react(context, event);
    case undefined:
      return context.ensure.look(null);
  }
}

/** The attempts race against a cancellation, which is looked at once the attempt in flight has ended. */
async function tellTheCustomer(context: NotificationContext, row: Unfinished): Promise<Notification> {
  const { causeId, round, attempts, maxAttempts, retryIntervalMs } = row;
  const told = await context.retry.send(
    { causeId, round, attemptsBefore: attempts },
    {
      maximumAttempts: maxAttempts - attempts,
      intervalMs: retryIntervalMs,
      stopOn: ['PaymentCancelledEvent'],
    },
  );
  if (typeof told === 'object') return told;

  const cancelled = context.take('PaymentCancelledEvent');
  return cancelled ? react(context, cancelled) : context.ensure.giveUp({ causeId, round });
}

/** Parked: an operator's retry begins another round, a cancellation ends it all. */
async function waitForAnOperator(context: NotificationContext): Promise<Notification> {
  const next = await context.park('PaymentCancelledEvent');
  return next.type === 'RETRY' ? context.ensure.retry(next) : react(context, next);
}

/** The payment is cancelled: the customer is not told, or no more. */
function react(
  context: NotificationContext,
  event: SagaEvent<'PaymentCancelledEvent'>,
): Promise<Notification> {
  return context.ensure.revoke(event);
}
