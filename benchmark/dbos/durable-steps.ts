import { DBOS } from '@dbos-inc/dbos-sdk';
import type { PlainSteps } from '../plain/steps.js';

interface MailRetries {
  readonly maxRetries: number;
  readonly retryIntervalMs: number;
}

const UNTIL_DONE = { retriesAllowed: true, intervalSeconds: 0.1, maxAttempts: 1_000 } as const;

/** Each step's outcome is written to PostgreSQL, so that a workflow which begins anew goes on where it was. */
export function durable(steps: PlainSteps, { maxRetries, retryIntervalMs }: MailRetries): PlainSteps {
  const mailTries = { maxAttempts: 1 + maxRetries, intervalSeconds: retryIntervalMs / 1_000, backoffRate: 1 };
  return {
    charge: (order) => DBOS.runStep(() => steps.charge(order), { name: 'charge' }),
    reserve: (order) => DBOS.runStep(() => steps.reserve(order), { name: 'reserve' }),
    confirm: (order) => DBOS.runStep(() => steps.confirm(order), { name: 'confirm', ...UNTIL_DONE }),
    refund: (order) => DBOS.runStep(() => steps.refund(order), { name: 'refund', ...UNTIL_DONE }),
    release: (order) => DBOS.runStep(() => steps.release(order), { name: 'release', ...UNTIL_DONE }),
    sendMail: (order) =>
      DBOS.runStep(() => steps.sendMail(order), { name: 'sendMail', retriesAllowed: true, ...mailTries }),
    complete: (order) => DBOS.runStep(() => steps.complete(order), { name: 'complete', ...UNTIL_DONE }),
    cancel: (order, reason) =>
      DBOS.runStep(() => steps.cancel(order, reason), { name: 'cancel', ...UNTIL_DONE }),
  };
}
