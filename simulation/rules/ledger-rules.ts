import { limits } from '../../schemas/limits.js';
import { emptyShop, type Shop, type Stored } from '../stored.js';
import { rule } from './rule.js';
import type { Step } from './step.js';

/** What moves is what was ordered: the whole amount of the customer, and all pieces of every product. */
export function movementRules({ before, after, order: { placement } }: Step): readonly string[] {
  if (before.walletLedger === after.walletLedger && before.stockLedger === after.stockLedger) return [];
  const money = after.walletLedger
    .slice(before.walletLedger.length)
    .filter(({ orderId }) => orderId !== null);
  const pieces = after.stockLedger.slice(before.stockLedger.length);
  const ordered = new Map<string, number>(placement.items.map(({ sku, quantity }) => [sku, quantity]));
  return [
    ...money.flatMap(({ kind, customerId, amount }) =>
      rule(
        Math.abs(amount) === placement.total.amount && customerId === placement.customerId,
        `a ${kind} of ${amount} for ${customerId}, where ${placement.total.amount} was ordered`,
      ),
    ),
    ...rule(
      pieces.length === 0 ||
        (pieces.length === ordered.size &&
          pieces.every((entry) => ordered.get(entry.sku) === Math.abs(entry.pieces))),
      `other pieces were moved than what was ordered`,
    ),
  ];
}

/** Every balance is the sum of its ledger, and within its bounds. */
export function balanceRules(shop: Shop, stored: Stored): readonly string[] {
  const { wallets, stock } = emptyShop(shop);
  return [
    ...[...stored.wallets].flatMap(([customerId, { balance, charged }]) => {
      const entries = stored.walletLedger.filter((entry) => entry.customerId === customerId);
      const began = wallets.get(customerId)?.balance ?? 0;
      const underWay = entries.filter(({ kind }) => kind !== 'DEPOSIT');
      return [
        ...rule(
          balance === began + sumOf(entries, 'amount'),
          `the wallet of ${customerId} is not its ledger`,
        ),
        ...rule(
          charged === -sumOf(underWay, 'amount') || charged === 0,
          `the charges of ${customerId} differ`,
        ),
        ...rule(balance >= 0 && charged >= 0, 'a balance went below zero'),
        ...rule(balance + charged <= limits.balance.max, 'a refund would not fit into the wallet'),
      ];
    }),
    ...[...stored.stock].flatMap(([sku, { available, reserved }]) => {
      const moved = sumOf(
        stored.stockLedger.filter((entry) => entry.sku === sku),
        'pieces',
      );
      const began = stock.get(sku)?.available ?? 0;
      return [
        ...rule(available === began - moved && reserved === moved, `the stock of ${sku} is not its ledger`),
        ...rule(available >= 0 && reserved >= 0, 'a stock went below zero'),
      ];
    }),
  ];
}

const sumOf = <Key extends string>(entries: readonly Readonly<Record<Key, number>>[], key: Key): number =>
  entries.reduce((sum, entry) => sum + entry[key], 0);
