import { limits } from '../../schemas/limits.js';

/** What a wallet holds, in minor units. */
export interface WalletMoney {
  readonly balance: number;
  /** Charged and not refunded. It may come back at any time, so that no deposit may take its room. */
  readonly charged: number;
}

/** The largest deposit that the wallet can take, in minor units. */
export const roomIn = ({ balance, charged }: WalletMoney): number => limits.balance.max - balance - charged;
