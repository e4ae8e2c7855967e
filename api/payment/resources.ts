import { z } from 'zod';
import type { Pool } from '../../db/pool.js';
import {
  deposit,
  findWallet,
  listWallets,
  type Deposit,
  type DepositResult,
  type Wallet,
} from '../../db/payment/wallets.js';
import * as shown from '../http/response-fields.js';
import { cursorOf, toPage } from '../http/paging.js';
import { digestOf } from '../request-digest.js';
import type { Face } from '../http/router.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { Problem } from '../http/problem.js';

/** Payment's face: wallets, and deposits into them. */
export const paymentFace = (pool: Pool): Face => ({
  name: 'Payment',
  description: 'Wallets, and deposits into them.',
  resources: {
    '/wallets': { get: list(pool) },
    '/wallets/{customerId}': { get: show(pool) },
    '/wallets/{customerId}/deposits': { post: makeDeposit(pool) },
  },
});

const wallet = z.strictObject({ customerId: shown.customerId, balance: shown.money }).meta({ id: 'Wallet' });
const path = z.object({ customerId: field.customerId });

const list = (pool: Pool) =>
  operation({
    id: 'listWallets',
    summary: 'Lists the wallets, by customer',
    query: z.strictObject({
      limit: field.limit,
      cursor: cursorOf(z.tuple([field.customerId])).optional(),
    }),
    answers: { 200: { description: 'A page of wallets', body: shown.pageOf('wallets', wallet) } },
    caching: 'private',
    handle: async ({ query: { limit, cursor } }) => {
      const found = await listWallets(pool, { after: cursor?.[0], limit: limit + 1 });
      const { page, nextCursor } = toPage(found, limit, (last) => [last.customerId]);
      return { status: 200, body: { wallets: page, nextCursor } };
    },
  });

const show = (pool: Pool) =>
  operation({
    id: 'showWallet',
    summary: 'Shows what a customer has',
    path,
    answers: { 200: { description: 'The wallet', body: wallet } },
    problems: ['not-found'],
    caching: 'private',
    handle: async ({ path: { customerId } }) => {
      const found = await findWallet(pool, customerId);
      if (!found) throw new Problem('not-found', `there is no wallet of ${customerId}`);
      return { status: 200, body: found };
    },
  });

const makeDeposit = (pool: Pool) =>
  operation({
    id: 'deposit',
    summary: 'Puts money into a wallet, once per key',
    description: 'The first deposit creates the wallet, in its currency.',
    path,
    headers: z.object({ 'Idempotency-Key': field.idempotencyKey }),
    body: z.strictObject({ amount: field.money(1) }),
    answers: { 200: { description: 'The wallet as it is now', body: wallet, headers: shown.replayHeader } },
    problems: ['amount-out-of-range', 'other-currency', 'total-too-large', 'idempotency-key-reused'],
    handle: async ({ path: { customerId }, body: { amount }, headers }) => {
      const wanted: Deposit = {
        customerId,
        amount,
        idempotencyKey: headers['Idempotency-Key'],
        requestDigest: digestOf([amount.amount, amount.currency]),
        at: new Date(),
      };
      const result = await deposit(pool, wanted);
      return {
        status: 200,
        headers: shown.replayHeaderIf(result.outcome === 'REPLAYED'),
        body: walletOf(result),
      };
    },
  });

/** A repeat is answered with the balance as it is now. */
function walletOf(result: DepositResult): Wallet {
  switch (result.outcome) {
    case 'DEPOSITED':
    case 'REPLAYED':
      return result.wallet;
    case 'KEY_REUSED':
      throw new Problem('idempotency-key-reused', 'the key belongs to another deposit into this wallet');
    case 'OTHER_CURRENCY':
      throw new Problem('other-currency', 'a wallet keeps the currency of its first deposit', {
        errors: [{ pointer: '#/amount/currency', detail: 'not the currency of the wallet' }],
      });
    case 'BALANCE_TOO_LARGE':
      throw new Problem('total-too-large', 'the balance would be more than can be counted exactly');
  }
}
