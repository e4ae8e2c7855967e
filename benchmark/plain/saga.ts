import type { NewOrder } from '../contender.js';
import type { PlainSteps } from './steps.js';

/**
 * The saga as one function: each step, and what undoes it. It runs wherever `steps` can be made to survive a crash;
 * `charge` and `reserve` are tried once, the mail a few times, everything else until it has succeeded.
 */
export async function carryThrough(order: NewOrder, steps: PlainSteps): Promise<void> {
  const payment = await steps.charge(order).catch(() => 'PAYMENT_ERROR' as const);
  if (payment !== 'DONE') {
    if (payment === 'PAYMENT_ERROR') await steps.refund(order);
    return steps.cancel(order, payment);
  }
  const stock = await steps.reserve(order).catch(() => 'INVENTORY_ERROR' as const);
  if (stock !== 'DONE') {
    await steps.release(order);
    await steps.refund(order);
    return steps.cancel(order, stock);
  }
  await steps.confirm(order);
  await steps.sendMail(order);
  await steps.complete(order);
}
