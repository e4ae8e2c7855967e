import { ApiError, type ApiClient, type Order } from './api-client.js';
import type { DemoShop } from './shop.js';

export type AuditedOrder = Pick<Order, 'orderId' | 'status' | 'total' | 'items'>;

/** The shop's money in won by customer, and its stock in pieces by product. */
export interface Holdings {
  readonly money: ReadonlyMap<string, number>;
  readonly stock: ReadonlyMap<string, { readonly available: number; readonly reserved: number }>;
}

export async function takeStock(api: ApiClient, shop: DemoShop): Promise<Holdings> {
  const money = new Map<string, number>();
  for (const customer of [shop.rich, shop.poor])
    money.set(customer, (await api.wallet(customer)).balance.amount);
  const stock = new Map<string, { available: number; reserved: number }>();
  for (const sku of [...shop.plenty, shop.soldOut]) stock.set(sku, await api.stock(sku));
  return { money, stock };
}

/** Checks to the last won and piece that wallets and stock lost exactly what completed orders took. */
export function auditHoldings(before: Holdings, after: Holdings, orders: readonly AuditedOrder[]): string[] {
  const completed = orders.filter(({ status }) => status === 'COMPLETED');
  const spent = total(before.money) - total(after.money);
  const cost = completed.reduce((sum, order) => sum + order.total.amount, 0);
  const findings =
    spent === cost ? [] : [`money: ${spent} won left the wallets, completed orders cost ${cost} won`];
  for (const [sku, { available, reserved }] of before.stock) {
    const sold = completed.flatMap(({ items }) => items).filter((item) => item.sku === sku);
    const pieces = sold.reduce((sum, { quantity }) => sum + quantity, 0);
    const now = after.stock.get(sku);
    if (now?.available !== available - pieces || now.reserved !== reserved + pieces)
      findings.push(
        `stock of ${sku}: ${String(now?.available)} available and ${String(now?.reserved)} reserved, ` +
          `expected ${available - pieces} and ${reserved + pieces}`,
      );
  }
  return findings;
}

/**
 * Checks that every completed order has one mail and every other order none; repeats under the same Message-ID count
 * once. `unknown` says why mails may be missing: there is no mail catcher, or a restart has emptied it.
 */
export async function auditMails(
  api: ApiClient,
  orders: readonly AuditedOrder[],
): Promise<{ readonly findings: readonly string[]; readonly unknown?: string }> {
  const findings: string[] = [];
  try {
    for (const { orderId, status } of orders) {
      const { mails } = await api.mails(orderId);
      const sent = new Set(mails.map(({ messageId }) => messageId)).size;
      const expected = status === 'COMPLETED' ? 1 : 0;
      if (sent > expected || (sent < expected && !api.wasAway()))
        findings.push(`order ${orderId}, ${status}: ${sent} mails, expected ${expected}`);
    }
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { findings, unknown: 'no mail catcher' };
    throw error;
  }
  return api.wasAway()
    ? { findings, unknown: 'not checked for missing mails, since the system was restarted' }
    : { findings };
}

const total = (money: ReadonlyMap<string, number>): number =>
  [...money.values()].reduce((sum, won) => sum + won, 0);
