import type { Context } from '@restatedev/restate-sdk';
import type { PlainSteps } from '../plain/steps.js';

interface MailRetries {
  readonly maxRetries: number;
  readonly retryIntervalMs: number;
}

const ONCE = { maxRetryAttempts: 1 } as const;

/** Each step's outcome goes to the server, so that a handler which begins anew goes on where it was. */
export function durable(
  steps: PlainSteps,
  context: Context,
  { maxRetries, retryIntervalMs }: MailRetries,
): PlainSteps {
  const mailTries = {
    maxRetryAttempts: 1 + maxRetries,
    initialRetryInterval: retryIntervalMs,
    retryIntervalFactor: 1,
  };
  return {
    charge: (order) => context.run('charge', () => steps.charge(order), ONCE),
    reserve: (order) => context.run('reserve', () => steps.reserve(order), ONCE),
    confirm: (order) => context.run('confirm', () => steps.confirm(order)),
    refund: (order) => context.run('refund', () => steps.refund(order)),
    release: (order) => context.run('release', () => steps.release(order)),
    sendMail: (order) => context.run('sendMail', () => steps.sendMail(order), mailTries),
    complete: (order) => context.run('complete', () => steps.complete(order)),
    cancel: (order, reason) => context.run('cancel', () => steps.cancel(order, reason)),
  };
}
