import { ApiError, type ApiClient, type OrderDocument } from './api-client.js';
import type { DemoShop } from './shop.js';

/** What there is in the shop: won per customer, pieces per product. */
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

/** To the last won and piece: what left the wallets is what completed orders cost, likewise for the stock. */
export function auditHoldings(before: Holdings, after: Holdings, orders: readonly OrderDocument[]): string[] {
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
 * One mail for every completed order, none for the others; a mail sent again carries the same Message-ID and
 * counts once. `unknown` says why that cannot be told: without a catcher, or after it lost its mails in a restart.
 */
export async function auditMails(
  api: ApiClient,
  orders: readonly OrderDocument[],
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
    ? { findings, unknown: 'restarted meanwhile; missing mails do not count' }
    : { findings };
}

const total = (money: ReadonlyMap<string, number>): number =>
  [...money.values()].reduce((sum, won) => sum + won, 0);
