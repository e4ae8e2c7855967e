import { z } from 'zod';
import type { Pool } from '../../core/postgres/pool.js';
import { deposit, findWallet, listWallets, type Wallet } from '../../db/payment/wallets.js';
import { limits } from '../../schemas/limits.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { pagingBy } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import * as shown from '../http/response-fields.js';
import type { ResourceGroup } from '../http/router.js';
import { problemOf } from '../refusals.js';
import { digestOf } from '../request-digest.js';

export const paymentResources = (pool: Pool): ResourceGroup => ({
  name: 'Payment',
  description: 'Wallets and deposits.',
  resources: {
    '/wallets': { get: getWallets(pool) },
    '/wallets/{customerId}': { get: getWallet(pool) },
    '/wallets/{customerId}/deposits': { post: postDeposit(pool) },
  },
});

const wallet = z.strictObject({ customerId: shown.customerId, balance: shown.money }).meta({ id: 'Wallet' });
const path = z.object({ customerId: field.customerId });
const page = pagingBy(field.customerId, ({ customerId }: Wallet) => customerId);

const getWallets = (pool: Pool) =>
  operation({
    id: 'listWallets',
    summary: 'Lists wallets by customer',
    query: z.strictObject(page.query),
    responses: { 200: { description: 'A page of wallets', body: shown.pageOf('wallets', wallet) } },
    caching: 'private',
    handle: async ({ query }) => {
      const { entries, nextCursor } = await page.read(query, (part) => listWallets(pool, part));
      return { status: 200, body: { wallets: entries, nextCursor } };
    },
  });

const getWallet = (pool: Pool) =>
  operation({
    id: 'showWallet',
    summary: 'Shows the wallet of a customer',
    path,
    responses: { 200: { description: 'The wallet', body: wallet } },
    problems: ['not-found'],
    caching: 'private',
    handle: async ({ path: { customerId } }) => {
      const found = await findWallet(pool, customerId);
      if (!found) throw new Problem('not-found', `${customerId} has no wallet`);
      return { status: 200, body: found };
    },
  });

const postDeposit = (pool: Pool) =>
  operation({
    id: 'deposit',
    summary: 'Puts money into a wallet, once per key',
    description: 'The first deposit creates the wallet, in its currency.',
    path,
    headers: z.object({ 'Idempotency-Key': field.idempotencyKey }),
    body: z.strictObject({ amount: field.money(limits.deposit) }),
    responses: {
      200: {
        description: 'The current balance, also for a repeat',
        body: wallet,
        headers: shown.replayHeader,
      },
    },
    problems: [
      'amount-out-of-range',
      'other-currency',
      'total-too-large',
      'idempotency-key-reused',
      'outcome-unknown',
    ],
    handle: async ({ path: { customerId }, body: { amount }, headers: { 'Idempotency-Key': key } }) => {
      const result = await deposit(pool, {
        customerId,
        amount,
        idempotencyKey: key,
        requestDigest: digestOf([amount.amount, amount.currency]),
      });
      if (!('wallet' in result)) throw problemOf({ reason: result.outcome, by: 'deposit' });
      return {
        status: 200,
        headers: shown.replayHeaderIf(result.outcome === 'REPLAYED'),
        body: result.wallet,
      };
    },
  });
