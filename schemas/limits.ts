import { charactersIn, LARGEST_LONG, LATEST_TIME } from '../core/limits.js';

/** The bounds of a quantity, both inclusive. */
export interface Limit {
  readonly min: number;
  readonly max: number;
  readonly unit: 'minor units' | 'pieces' | 'entries' | 'characters' | 'bytes' | 'ms' | 'times';
  /** What it bounds, in words for the documents. */
  readonly of: string;
}

const amount = { min: 0, max: LARGEST_LONG, unit: 'minor units' } as const;
const DAY = 24 * 60 * 60_000;

/**
 * The one statement of how much, how many and how long. API, events, simulation, configuration, dashboard and
 * `docs/limits.md` read it, and tests hold the constraints of the database to it (docs/decisions/0029).
 */
export const limits = {
  price: { ...amount, of: 'the price of a product, and the unit price of an ordered item' },
  total: { ...amount, of: 'the total of an order, and what is charged and refunded for it' },
  deposit: { ...amount, min: 1, of: 'one deposit' },
  balance: {
    ...amount,
    of: 'the balance of a wallet, together with what was charged to it and not refunded',
  },

  quantity: { min: 1, max: 999, unit: 'pieces', of: 'the quantity of an ordered item' },
  items: { min: 1, max: 100, unit: 'entries', of: 'the items of an order' },
  restock: { min: 1, max: LARGEST_LONG, unit: 'pieces', of: 'one restock' },
  stock: {
    min: 0,
    max: LARGEST_LONG,
    unit: 'pieces',
    of: 'the stock of a product: available and reserved together',
  },

  identifier: { min: 1, max: 64, unit: 'characters', of: 'a customer id, and a SKU' },
  name: { min: 1, max: 200, unit: 'characters', of: 'the name of a customer or a product' },
  email: { min: 1, max: 254, unit: 'characters', of: 'an e-mail address' },
  emailLocalPart: { min: 1, max: 64, unit: 'characters', of: 'what an e-mail address has before the @' },
  operator: { min: 1, max: 100, unit: 'characters', of: 'the name of an operator' },
  idempotencyKey: { min: 1, max: 255, unit: 'characters', of: 'an idempotency key' },

  time: { min: 0, max: LATEST_TIME, unit: 'ms', of: 'a time or a deadline, since 1970-01-01T00:00Z' },
  wait: { min: 1, max: 30 * DAY, unit: 'ms', of: 'a wait, and the pause between two attempts' },
  retention: {
    min: DAY,
    max: 3_650 * DAY,
    unit: 'ms',
    of: 'how long the records of an order at rest are kept',
  },
  retries: { min: 0, max: 100, unit: 'times', of: 'the retries of a notification in one round' },

  body: { min: 0, max: 65_536, unit: 'bytes', of: 'the body of a request' },
  faultDelay: { min: 0, max: 10_000, unit: 'ms', of: 'by how much a fault on demand delays an event' },
  faultRefusals: {
    min: 0,
    max: 1_000,
    unit: 'times',
    of: 'how many mails of an order a fault on demand refuses',
  },

  page: { min: 1, max: 100, unit: 'entries', of: 'a page of a list' },
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof limits;

/** Whether a value is a whole number within a limit. */
export const isWithin = ({ min, max }: Limit, value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= min && (value as number) <= max;

/** Whether a text is of a length within a limit, in characters. */
export const isOfLength = (limit: Limit, text: string): boolean => isWithin(limit, charactersIn(text));

/** A limit in words: `1 to 999`. */
export const rangeOf = ({ min, max }: Limit): string => `${min} to ${max}`;

/** Customer ids and SKUs. */
export const identifierPattern = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._-]{0,${limits.identifier.max - 1}}$`);

/** From 4 to 32 hexadecimal digits, and hyphens between them. */
export const orderIdBeginningPattern = /^[\da-fA-F]{4,8}(-?[\da-fA-F]{1,4}){0,6}-?$/;

/** ISO 4217. */
export const currencyPattern = /^[A-Z]{3}$/;
