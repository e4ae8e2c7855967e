import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { NewOrder } from '../contender.js';
import { carryThrough } from '../plain/saga.js';
import type { PlainSteps } from '../plain/steps.js';
import { mailTries, ONE_TRY, UNTIL_DONE } from './policies.js';

/** Every step is scheduled by the server, and polled for. */
export const plain = (order: NewOrder, retryIntervalMs: number): Promise<void> =>
  carryThrough(order, {
    ...stepsOf(proxyActivities<PlainSteps>(ONE_TRY), proxyActivities<PlainSteps>(UNTIL_DONE)),
    ...mailOf(retryIntervalMs),
  });

/** Several steps run within one workflow task; the mail is a regular activity all the same. */
export const plainLocally = (order: NewOrder, retryIntervalMs: number): Promise<void> =>
  carryThrough(order, {
    ...stepsOf(proxyLocalActivities<PlainSteps>(ONE_TRY), proxyLocalActivities<PlainSteps>(UNTIL_DONE)),
    ...mailOf(retryIntervalMs),
  });

const stepsOf = (once: PlainSteps, ensure: PlainSteps): Omit<PlainSteps, 'sendMail'> => ({
  charge: once.charge,
  reserve: once.reserve,
  confirm: ensure.confirm,
  refund: ensure.refund,
  release: ensure.release,
  complete: ensure.complete,
  cancel: ensure.cancel,
});

const mailOf = (retryIntervalMs: number): Pick<PlainSteps, 'sendMail'> => ({
  sendMail: proxyActivities<PlainSteps>(mailTries(retryIntervalMs)).sendMail,
});
