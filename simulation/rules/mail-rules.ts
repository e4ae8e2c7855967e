import type { Mail } from '../../activities/mail.js';
import type { WorldsOrder } from '../order.js';
import { rule } from './rule.js';

const DIGITS: Readonly<Record<string, number>> = { KRW: 0, EUR: 2 };

/** What the customer reads: their order, each product with its pieces, and the total as people write it. */
export function mailRules({ orderId, placement }: WorldsOrder, mail: Mail): readonly string[] {
  const { total, items, customerId } = placement;
  const written = (amount: number) => grouped(amount, DIGITS[total.currency] ?? 0);
  const lines = mail.text.split('\n');
  return [
    ...rule(mail.to === `${customerId}@shop.example`, `a mail to ${mail.to} about an order of ${customerId}`),
    ...rule(mail.orderId === orderId && mail.text.includes(orderId), 'a mail names another order'),
    ...rule(
      items.every(({ sku, quantity, unitPrice }) =>
        lines.some(
          (line) => line.includes(`${quantity} x ${sku}`) && line.endsWith(written(unitPrice.amount)),
        ),
      ),
      'a mail does not name what was ordered',
    ),
    ...rule(
      lines.some((line) => line.startsWith('Total') && line.endsWith(written(total.amount))),
      'a mail gives another total',
    ),
  ];
}

/** `1,234.50`: minor units as people write them. */
function grouped(amount: number, digits: number): string {
  const text = String(amount).padStart(digits + 1, '0');
  const [whole, rest] = [text.slice(0, text.length - digits), text.slice(text.length - digits)];
  const groups = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return digits === 0 ? groups : `${groups}.${rest}`;
}
