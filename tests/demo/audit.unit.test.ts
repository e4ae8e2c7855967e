import { describe, expect, test } from 'vitest';
import { ApiError, type ApiClient, type Order } from '../../tools/demo/api-client.js';
import { auditHoldings, auditMails, type AuditedOrder, type Holdings } from '../../tools/demo/audit.js';

const orderOf = (status: Order['status'], quantity: number, amount: number): AuditedOrder => ({
  orderId: `${status}-${quantity}`,
  status,
  total: { amount, currency: 'KRW' },
  items: [{ sku: 'pen', quantity, unitPrice: { amount: amount / quantity, currency: 'KRW' } }],
});
const holdings = (money: number, available: number, reserved: number): Holdings => ({
  money: new Map([['rich', money]]),
  stock: new Map([['pen', { available, reserved }]]),
});

const orders = [orderOf('COMPLETED', 2, 200), orderOf('OUT_OF_STOCK', 5, 500), orderOf('COMPLETED', 1, 100)];
const before = holdings(1_000, 10, 4);

describe('money and stock', () => {
  test('is clean when completed orders account for all of it', () => {
    expect(auditHoldings(before, holdings(700, 7, 7), orders)).toEqual([]);
  });

  test.each([
    ['one won too few', holdings(699, 7, 7)],
    ['a refund that did not happen', holdings(200, 7, 7)],
    ['a piece lost', holdings(700, 6, 7)],
    ['a piece not reserved', holdings(700, 7, 6)],
    ['a piece moved twice', holdings(700, 6, 8)],
    ['a product that vanished', { money: new Map([['rich', 700]]), stock: new Map() }],
  ])('finds %s', (_, after) => expect(auditHoldings(before, after, orders)).toHaveLength(1));
});

describe('mails', () => {
  const client = (mailsOf: Record<string, readonly string[]>, wasAway = false) =>
    ({
      mails: (orderId: string) =>
        Promise.resolve({ mails: (mailsOf[orderId] ?? []).map((messageId) => ({ messageId })) }),
      wasAway: () => wasAway,
    }) as unknown as ApiClient;

  test('one for each completed order, and a repeat of the same mail counts once', async () => {
    const api = client({ 'COMPLETED-2': ['a', 'a'], 'COMPLETED-1': ['b'] });
    expect(await auditMails(api, orders)).toEqual({ findings: [] });
  });

  test.each([
    ['a customer who was not told', { 'COMPLETED-2': ['a'] }],
    ['a customer who was told twice', { 'COMPLETED-2': ['a', 'c'], 'COMPLETED-1': ['b'] }],
    [
      'a customer told of an order that failed',
      { 'COMPLETED-2': ['a'], 'COMPLETED-1': ['b'], 'OUT_OF_STOCK-5': ['d'] },
    ],
  ])('finds %s', async (_, mailsOf) => {
    expect((await auditMails(client(mailsOf), orders)).findings).toHaveLength(1);
  });

  test('after a restart missing mails prove nothing, but surplus ones do', async () => {
    const audit = await auditMails(client({ 'OUT_OF_STOCK-5': ['d'] }, true), orders);
    expect(audit.findings).toHaveLength(1);
    expect(audit.unknown).toMatch(/restarted/);
  });

  test('without a mail catcher nothing can be told', async () => {
    const api = { ...client({}), mails: () => Promise.reject(new ApiError(404, 'none')) } as ApiClient;
    expect(await auditMails(api, orders)).toEqual({ findings: [], unknown: 'no mail catcher' });
  });
});
