import { Router } from 'express';
import { z } from 'zod';
import type { Pool } from '../db/pool.js';
import { deposit, findWallet, type Deposit, type DepositResult, type Wallet } from '../db/payment/wallets.js';
import { digestOf } from './http/digest.js';
import * as field from './http/fields.js';
import { Problem } from './http/problem.js';
import { resource } from './http/resource.js';
import { readBody, readHeader, readParameters } from './http/validate.js';

const walletPath = z.object({ customerId: field.customerId });
const depositBody = z.strictObject({ amount: field.money(1) });

/** Payment's face: wallets, and deposits into them. */
export function paymentRouter(pool: Pool): Router {
  const router = Router();
  resource(router, '/wallets/:customerId', {
    get: async (request, response) => {
      const { customerId } = readParameters(request.params, walletPath);
      const wallet = await findWallet(pool, customerId);
      if (!wallet) throw new Problem('not-found', `there is no wallet of ${customerId}`);
      response.json(wallet);
    },
  });
  resource(router, '/wallets/:customerId/deposits', {
    post: async (request, response) => {
      const { customerId } = readParameters(request.params, walletPath);
      const { amount } = readBody(request, depositBody);
      const idempotencyKey = readHeader(request, 'Idempotency-Key', field.idempotencyKey);
      const requestDigest = digestOf([amount.amount, amount.currency]);
      const wanted: Deposit = { customerId, amount, idempotencyKey, requestDigest, at: new Date() };
      const result = await deposit(pool, wanted);
      const wallet = walletOf(result);
      if (result.outcome === 'REPLAYED') response.set('Idempotent-Replayed', 'true');
      response.json(wallet);
    },
  });
  return router;
}

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
