import type { Notice } from '../db/notification/notification-row.js';
import type { OrderId } from '../schemas/ids.js';
import type { Money } from '../schemas/placement.js';
import type { Mail } from './mail.js';

/** What the customer is told: the order is paid, and its products are set aside. */
export function orderMail(to: string, orderId: OrderId, { items, total, causeId }: Notice): Mail {
  const lines = items.map(
    ({ sku, quantity, unitPrice }) => `  ${quantity} x ${sku} at ${formatMoney(unitPrice)}`,
  );
  const text = [
    `Thank you for your order ${orderId}.`,
    '',
    'We have received your payment and set these products aside for you:',
    ...lines,
    '',
    `Total: ${formatMoney(total)}`,
    '',
  ].join('\n');
  return { to, subject: `Your order ${orderId} is confirmed`, text, orderId, causeId };
}

function formatMoney({ amount, currency }: Money): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0;
  return format.format(amount / 10 ** digits);
}
