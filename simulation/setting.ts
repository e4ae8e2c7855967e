import type { Choices } from '../core/simulation/choices.js';
import { limits } from '../schemas/limits.js';
import type { Placement } from '../schemas/placement.js';
import { services, type Service } from '../schemas/services.js';
import type { MailFault } from './mail-faults.js';
import { currencies, orderIdOf, placementOf, skus, type WorldsOrder } from './order.js';
import type { Waits } from './ports.js';
import type { Shop } from './stored.js';

/** What there is before the first order is placed, what is ordered, and what the mail server is going to do. */
export interface Setting {
  /** Whether Temporal and PostgreSQL lose what they have confirmed, and sweeps make up for it (R11). */
  readonly isLossy: boolean;
  readonly shop: Shop;
  /** Placed one soon after the other. */
  readonly orders: readonly WorldsOrder[];
  readonly waits: Waits;
  readonly hasContact: boolean;
  /** So many attempts the mail server meets with this fault, before it recovers; for each order. */
  readonly badMails: number;
  readonly mailFault: MailFault;
  /** A worker that is away for long, beside everything else; null in most worlds. */
  readonly away: Service | null;
}

export function drawSetting(choices: Choices): Setting {
  const one = oneOf(choices);
  const orders = drawOrders(choices);
  return {
    isLossy: one(false, true),
    shop: drawShop(choices, orders),
    orders,
    waits: one(standard, standard, { ...standard, saga: 100_000 }),
    hasContact: one(true, true, true, true, true, true, true, false),
    badMails: one(0, 0, 0, 1, 2, 4, 5, 9),
    mailFault: one<MailFault>('REFUSED', 'SENT_BUT_LOST', 'CUT'),
    away: one<Service | null>(null, null, null, null, null, null, null, null, ...services),
  };
}

const oneOf =
  (choices: Choices) =>
  <T>(...options: readonly [T, ...T[]]): T => {
    const chosen = options[choices.pick(options.length)];
    return chosen === undefined ? options[0] : chosen;
  };

/** Mostly one, at times up to three by the same customer, each of a few products in any order. */
function drawOrders(choices: Choices): readonly WorldsOrder[] {
  const one = oneOf(choices);
  const currency = one(...currencies);
  return Array.from({ length: one(1, 1, 1, 1, 1, 2, 2, 3) }, (_, number) => {
    const customer = number === 0 ? 'alice' : one('alice', 'alice', 'bob');
    const offset = choices.pick(skus.length);
    const kinds = one(2, 1, 3);
    const pieces = Array.from({ length: kinds }, (_, i): [string, number] => [
      skus[(i + offset) % skus.length] ?? '',
      one(2, 3, 1),
    ]);
    return { orderId: orderIdOf(number), placement: placementOf(customer, pieces, currency, number) };
  });
}

/** Mostly there is plenty of all; at times just enough for the first order. */
function drawShop(choices: Choices, [first]: readonly WorldsOrder[]): Shop {
  const one = oneOf(choices);
  const { total, items } = first?.placement as Placement;
  const plenty = { balance: 10_000_000, currency: total.currency };
  const alice = one(
    plenty,
    ...Array<typeof plenty>(8).fill(plenty),
    { ...plenty, balance: FULL },
    { ...plenty, balance: FULL },
    { ...plenty, balance: total.amount },
    { ...plenty, balance: 1_000 },
    { balance: 10_000_000, currency: 'USD' },
    null,
  );
  const stockOf = (sku: string): number | null => {
    const ordered = items.find((item) => item.sku === sku)?.quantity ?? 1;
    return one<number | null>(50, ...Array<number>(18).fill(50), ordered, ordered, 0, 1, null);
  };
  const stock = skus.map((sku) => [sku, stockOf(sku)] as const).filter(([, pieces]) => pieces !== null);
  return {
    wallets: { ...(alice && { alice }), bob: plenty },
    stock: Object.fromEntries(stock) as Readonly<Record<string, number>>,
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
