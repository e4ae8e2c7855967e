import type { DepositResult } from '../db/payment/wallets.js';
import type { RestockResult } from '../db/inventory/stock.js';
import type { Refusal as InvalidSignal } from '../core/activity/inspection.js';
import { limits } from '../schemas/limits.js';
import type { ErasureRefusal } from './erasure/erase.js';
import { outcomeUnknown, Problem, unavailable } from './http/problem.js';
import type { OrderRefusal } from './order/place-order.js';
import type { RetryRefusal } from './order/retry-notification.js';
import type { DismissalRefusal } from './quarantine/dismiss.js';
import type { RedriveRefusal } from './quarantine/redrive.js';

/** Every refusal that a use case can return instead of doing its work. */
export type Refusal =
  | OrderRefusal
  | RetryRefusal
  | RedriveRefusal
  | DismissalRefusal
  | ErasureRefusal
  | { readonly reason: Exclude<DepositResult, { wallet: unknown }>['outcome']; readonly by: 'deposit' }
  | { readonly reason: Exclude<RestockResult, { stock: unknown }>['outcome']; readonly by: 'restock' };

/** The one place that turns refusals into HTTP problems. */
export function problemOf(refusal: Refusal): Problem {
  switch (refusal.reason) {
    case 'UNKNOWN_CUSTOMER':
      return new Problem('unknown-customer', `there is no customer ${refusal.customerId}`, {
        errors: [{ pointer: '#/customerId', detail: 'unknown customer' }],
      });
    case 'UNKNOWN_PRODUCTS':
      return new Problem('unknown-product', 'not all products exist', {
        errors: refusal.at.map((at) => ({ pointer: `#/items/${at}/sku`, detail: 'unknown product' })),
      });
    case 'NO_ITEMS':
      return new Problem('no-items', 'an order needs at least one item');
    case 'MIXED_CURRENCIES':
      return new Problem('mixed-currencies', refusal.currencies.join(' and '));
    case 'TOTAL_TOO_LARGE':
    case 'BALANCE_TOO_LARGE':
    case 'STOCK_TOO_LARGE':
      return tooLarge(sums[refusal.reason]);
    case 'OUTCOME_UNKNOWN':
      return refusal.sameKeyFindsIt
        ? outcomeUnknown(ORDER_BY_KEY)
        : new Problem('outcome-unknown', ORDER_WITHOUT_KEY);
    case 'KEY_REUSED':
      return new Problem('idempotency-key-reused', keyReusedBy[refusal.by]);
    case 'OTHER_CURRENCY':
      return otherCurrency();
    case 'UNKNOWN_ORDER':
      return new Problem('not-found', `there is no order ${refusal.orderId}`);
    case 'NOT_PARKED':
      return new Problem('notification-not-parked', 'its attempts are not used up, or it has been sent');
    case 'NO_ANSWER':
      return unavailable('no Notification worker responded');
    case 'UNKNOWN_ENTRY':
      return new Problem('not-found', `there is no entry ${refusal.id} in the quarantine`);
    case 'ALREADY_REDRIVEN':
      return new Problem('quarantine-entry-not-waiting', 'it was delivered, and has not been refused since');
    case 'ALREADY_DISMISSED':
      return new Problem('quarantine-entry-not-waiting', 'it was dismissed');
    case 'STILL_INVALID':
      return stillInvalid(refusal.invalid);
    case 'UNKNOWN_TO_ERASE':
      return new Problem('not-found', `nothing is known about a customer ${refusal.customerId}`);
    case 'NOT_AT_REST':
      return new Problem(
        'orders-not-at-rest',
        `repeat it once these are: ${refusal.orderIds.slice(0, 10).join(', ')}`,
      );
  }
}

const tooLarge = ({ pointer, detail }: { readonly pointer: string; readonly detail: string }): Problem =>
  new Problem('total-too-large', detail, { errors: [{ pointer, detail }] });

const otherCurrency = (): Problem =>
  new Problem('other-currency', 'a wallet keeps the currency of its first deposit', {
    errors: [{ pointer: '#/amount/currency', detail: 'not the currency of the wallet' }],
  });

const ORDER_BY_KEY = 'it is not known whether the order was placed; the same Idempotency-Key finds it';
const ORDER_WITHOUT_KEY =
  'it is not known whether an order was placed; look for it before ordering again: GET /orders?customerId=…';

const sums = {
  TOTAL_TOO_LARGE: { pointer: '#/items', detail: `expected a total of at most ${limits.total.max}` },
  BALANCE_TOO_LARGE: {
    pointer: '#/amount/amount',
    detail: `expected at most ${limits.balance.max} for the balance and the charges that may be refunded together`,
  },
  STOCK_TOO_LARGE: {
    pointer: '#/quantity',
    detail: `expected at most ${limits.stock.max} for the available and the reserved pieces together`,
  },
} as const;

const keyReusedBy = {
  order: 'the key belongs to another order of this customer',
  deposit: 'the key belongs to another deposit into this wallet',
  restock: 'the key belongs to another restock of this product',
} as const;

const stillInvalid = ({ reason, detail, problems = [] }: InvalidSignal): Problem =>
  new Problem('event-still-invalid', `${reason}: ${detail}`, {
    errors: problems.map(({ path, expected, found }) => ({
      field: path,
      detail: `expected ${expected}, found ${found}`,
    })),
  });
