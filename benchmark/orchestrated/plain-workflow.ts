import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { NewOrder } from '../contender.js';
import type { PlainSteps } from '../plain/steps.js';
import { mailTries, ONE_TRY, UNTIL_DONE } from './policies.js';

/** How the steps are called. */
interface Proxies {
  /** Tried once. */
  readonly once: Pick<PlainSteps, 'charge' | 'reserve'>;
  /** Tried until they have succeeded. */
  readonly ensure: Omit<PlainSteps, 'charge' | 'reserve' | 'sendMail'>;
}

/** Every step is scheduled by the server, and polled for. */
const regular: Proxies = {
  once: proxyActivities<PlainSteps>(ONE_TRY),
  ensure: proxyActivities<PlainSteps>(UNTIL_DONE),
};

/** Several steps run within one workflow task. */
const local: Proxies = {
  once: proxyLocalActivities<PlainSteps>(ONE_TRY),
  ensure: proxyLocalActivities<PlainSteps>(UNTIL_DONE),
};

export const plain = (order: NewOrder, retryIntervalMs: number): Promise<void> =>
  carryThrough(order, regular, retryIntervalMs);

export const plainLocally = (order: NewOrder, retryIntervalMs: number): Promise<void> =>
  carryThrough(order, local, retryIntervalMs);

/** The saga as one workflow: each step, and what undoes it. The mail is a regular activity in any case. */
async function carryThrough(
  order: NewOrder,
  { once, ensure }: Proxies,
  retryIntervalMs: number,
): Promise<void> {
  const payment = await once.charge(order).catch(() => 'PAYMENT_ERROR' as const);
  if (payment !== 'DONE') {
    if (payment === 'PAYMENT_ERROR') await ensure.refund(order);
    return ensure.cancel(order, payment);
  }
  const stock = await once.reserve(order).catch(() => 'INVENTORY_ERROR' as const);
  if (stock !== 'DONE') {
    await ensure.release(order);
    await ensure.refund(order);
    return ensure.cancel(order, stock);
  }
  await ensure.confirm(order);
  await proxyActivities<PlainSteps>(mailTries(retryIntervalMs)).sendMail(order);
  await ensure.complete(order);
}
