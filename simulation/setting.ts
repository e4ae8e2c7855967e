import type { Choices } from '../core/simulation/choices.js';
import { limits } from '../schemas/limits.js';
import { services, type Service } from '../schemas/services.js';
import type { MailFault } from './mail-faults.js';
import type { Waits } from './ports.js';
import type { Shop } from './stored.js';

/** What there is before the order is placed, and what the mail server is going to do. */
export interface Setting {
  /** Whether Temporal and PostgreSQL lose what they have confirmed, and sweeps make up for it (R11). */
  readonly isLossy: boolean;
  readonly shop: Shop;
  readonly waits: Waits;
  readonly hasContact: boolean;
  /** So many attempts the mail server meets with this fault, before it recovers. */
  readonly badMails: number;
  readonly mailFault: MailFault;
  /** A worker that is away for long, beside everything else; null in most worlds. */
  readonly away: Service | null;
}

export function drawSetting(choices: Choices): Setting {
  const one = <T>(...options: readonly [T, ...T[]]): T => options[choices.pick(options.length)] ?? options[0];
  return {
    isLossy: one(false, true),
    shop: {
      balance: one<number | null>(1_000_000, 1_000_000, 1_000_000, FULL, 1_000, null),
      available: one<number | null>(10, 10, 10, 10, 0, null),
    },
    waits: one(standard, standard, { ...standard, saga: 100_000 }),
    hasContact: one(true, true, true, true, true, true, true, false),
    badMails: one(0, 0, 0, 1, 2, 4, 5, 9),
    mailFault: one<MailFault>('REFUSED', 'SENT_BUT_LOST', 'CUT'),
    away: one<Service | null>(null, null, null, null, null, null, null, null, ...services),
  };
}

// Some end shortly before one of the product owner's waits does, where the rare races are.
export const durations = [
  1_000, 6_000, 40_000, 100_000, 172_000, 174_000, 174_800, 177_000, 179_500, 200_000, 293_000, 299_000,
  320_000, 598_000, 700_000,
] as const;

/** A wallet that its customer keeps as full as it can be. */
export const FULL = limits.balance.max;

/** Longer than any wait, in ms. */
export const AN_HOUR = 3_600_000;

/** The product owner's durations, in ms. */
export const standard: Waits = { payment: 300_000, inventory: 180_000, saga: 600_000 };
