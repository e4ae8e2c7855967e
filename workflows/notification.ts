import type { Notification, NotificationEffects } from '../activities/notification.js';
import type { OperatorDesk } from './operator-desk.js';
import type { Saga } from './saga.js';

type NotificationSaga = Saga<NotificationEffects>;
type Unfinished = Extract<Notification, { status: 'SENDING' | 'FAILED' }>;

/** Notification tells the customer, trying again a few times; then it parks until an operator says try again. */
export async function notification(saga: NotificationSaga, operators: OperatorDesk): Promise<void> {
  let notification = await begin(saga);
  while (notification.status === 'SENDING' || notification.status === 'FAILED')
    notification = await (notification.status === 'SENDING'
      ? tellTheCustomer(saga, notification)
      : waitForAnOperator(saga, operators));
  await saga.settleTheRest({ except: ['PaymentCancelledEvent', 'InventoryReservedEvent'] });
}

/** Nobody is told of an order that was cancelled, even if its reservation arrives at the same moment. */
async function begin(saga: NotificationSaga) {
  const event = saga.take('PaymentCancelledEvent') ?? saga.take('InventoryReservedEvent');
  return saga.publish(event ? await saga.ensure('settle', event) : await saga.ensure('look', null));
}

/** The attempts race against a cancellation, which is looked at once the attempt in flight has ended. */
async function tellTheCustomer(saga: NotificationSaga, notification: Unfinished) {
  const { causeId, round, attempts, maxAttempts, retryIntervalMs } = notification;
  const told = await saga.retry(
    'send',
    { causeId, round, attemptsBefore: attempts },
    { maximumAttempts: maxAttempts - attempts, intervalMs: retryIntervalMs },
    ['PaymentCancelledEvent'],
  );
  if (typeof told === 'object') return saga.publish(told);

  const cancelled = saga.take('PaymentCancelledEvent');
  if (cancelled) return saga.publish(await saga.ensure('settle', cancelled));
  return saga.publish(await saga.ensure('giveUp', { key: `${causeId}:${round}:give up`, round }));
}

/** Parked: an operator's retry begins another round, a cancellation ends it all. */
async function waitForAnOperator(saga: NotificationSaga, operators: OperatorDesk) {
  const next = await operators.open(['PaymentCancelledEvent']);
  return saga.publish('type' in next ? await saga.ensure('settle', next) : await saga.ensure('retry', next));
}
