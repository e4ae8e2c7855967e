import type { Attempt } from '../../db/notification/notification-row.js';
import type { PlacedOrder } from '../../db/order/order-row.js';
import { simulatedServices, type SimulatedService } from '../services.js';
import type { Step } from './step.js';

/**
 * Whether a situation that a decision table names was the case when a commit was made. One that is not here is taken on
 * trust.
 */
export const situations: Readonly<Record<string, (step: Step) => boolean>> = {
  'the wallet holds the amount': (step) => isInTime(step) && moneyIn(step) === 'ENOUGH',
  'the wallet holds less': (step) => isInTime(step) && moneyIn(step) === 'TOO_LITTLE',
  'there is no wallet': (step) => isInTime(step) && moneyIn(step) === 'NO_WALLET',
  'the wallet is in another currency': (step) => isInTime(step) && moneyIn(step) === 'OTHER_CURRENCY',
  'all pieces are there': (step) => isInTime(step) && piecesIn(step) === 'ENOUGH',
  'one product is short': (step) => isInTime(step) && piecesIn(step) === 'TOO_FEW',
  'one product is unknown': (step) => isInTime(step) && piecesIn(step) === 'UNKNOWN',
  '`answerBy` is too near (R6)': (step) => !isInTime(step),
  'the charge threw and is not there': hasFailed,
  'the charge threw but had committed (R8)': () => false,
  'the reservation threw and is not there': hasFailed,
  'the reservation threw but had committed (R8)': () => false,

  'the time has come': (step) => isDue(step) && !isSagaOver(step),
  'the saga has no more time than this wait': (step) => isDue(step) && isSagaOver(step),
  'the time has not come': (step) => !isDue(step),
  '`answerBy` has come': isDue,
  '`answerBy` has not come': (step) => !isDue(step),

  'nobody was told': ({ was }) => (was as PlacedOrder).toldAt === null,
  'an uncertain notification was recorded': ({ was }) => (was as PlacedOrder).toldAt !== null,
  'the refund is recorded': ({ was }) => (was as PlacedOrder).refundedAt !== null,
  'the refund is not recorded': ({ was }) => (was as PlacedOrder).refundedAt === null,
  'the notification had failed': ({ was }) =>
    (was as PlacedOrder).attention.some(({ code }) => code === 'NOTIFICATION_FAILED'),

  'every attempt was refused': (step) => attemptsIn(step).every(({ fate }) => fate === 'REFUSED'),
  'the fate of an attempt is unknown': (step) => attemptsIn(step).some(({ fate }) => fate === 'UNKNOWN'),
  'an attempt has begun and not ended': (step) => attemptsIn(step).some(({ fate }) => fate === null),
  'attempts are left': ({ key }) => key?.endsWith(':end') === true,
  'it was the fourth': (step) => step.key?.endsWith(':give up') === true && roundIn(step) === 1,
  'it was the fourth of a later round': (step) =>
    step.key?.endsWith(':give up') === true && roundIn(step) > 1,
};

/** The business time of the effect. */
export const timeOf = ({ commit, now }: Step): number => commit.savedAt ?? now;

/** R6, written a second time. */
function isInTime(step: Step): boolean {
  const payload = step.event?.payload as { occurredAt: number; answerBy?: number } | undefined;
  if (payload?.answerBy === undefined) return true;
  const margin = Math.min(5_000, (payload.answerBy - payload.occurredAt) / 10);
  return timeOf(step) <= payload.answerBy - margin;
}

function moneyIn({ before, order: { placement } }: Step) {
  const wallet = before.wallets.get(placement.customerId);
  if (!wallet) return 'NO_WALLET';
  if (wallet.currency !== placement.total.currency) return 'OTHER_CURRENCY';
  return wallet.balance >= placement.total.amount ? 'ENOUGH' : 'TOO_LITTLE';
}

function piecesIn({ before, order: { placement } }: Step) {
  const stock = placement.items.map(({ sku, quantity }) => ({ pieces: before.stock.get(sku), quantity }));
  if (stock.some(({ pieces }) => pieces === undefined)) return 'UNKNOWN';
  return stock.every(({ pieces, quantity }) => (pieces?.available ?? 0) >= quantity) ? 'ENOUGH' : 'TOO_FEW';
}

/** A run was told that its only try had failed. */
function hasFailed({ service, record }: Step): boolean {
  const { triedOnce = '' }: SimulatedService = simulatedServices[service];
  return record.failedTries.has(`${service} ${triedOnce}`);
}

/** Whether the wait that the row was in is over. */
export function isDue(step: Step): boolean {
  const { dueAt }: SimulatedService = simulatedServices[step.service];
  const due = dueAt?.(step.was as never) ?? null;
  return due !== null && timeOf(step) >= due;
}

const isSagaOver = ({ was, key }: Step): boolean => {
  const { paymentDue, sagaDue } = was as PlacedOrder;
  return key?.endsWith(':payment wait') === true && paymentDue >= sagaDue;
};

const attemptsIn = ({ was }: Step): readonly Attempt[] => ('attempts' in was ? (was.attempts as never) : []);
const roundIn = ({ was }: Step): number => ('round' in was ? (was.round as number) : 0);
