import { z } from 'zod';
import type { Currency, CustomerId, MinorUnits, OrderId, Sku } from '../../schemas/ids.js';
import { breaks } from './validate.js';

const identifier = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'expected 1 to 64 letters, digits, dots, hyphens or underscores',
  );

export const customerId = identifier.meta({ examples: ['alice'] }).transform((id) => id as CustomerId);
export const sku = identifier.meta({ examples: ['mouse'] }).transform((id) => id as Sku);
export const orderId = z.uuid('expected a UUID').transform((id) => id.toLowerCase() as OrderId);

/** Control characters, spelled out: not every reader of the OpenAPI pattern supports `\p{Cc}`. */
const CONTROL = '\\x00-\\x1f\\x7f-\\x9f';
const textOf = (length: number) => new RegExp(`^[^${CONTROL}]{1,${length}}$`, 'u');

/** Text for people, without control characters. */
export const name = z.string().regex(textOf(200), 'expected 1 to 200 characters without control characters');

/** RFC 5321 allows 64 characters before the @. */
export const email = z
  .email('expected an e-mail address')
  .regex(/^(?![^@]{65})/, 'expected at most 64 characters before the @')
  .max(254);

const currency = z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code of three capitals');

/** At least `minimum` minor units. A fraction is malformed, and so is a number no double holds exactly. */
export const money = (minimum: number) =>
  z.strictObject({
    amount: z
      .int('expected a whole number of minor units')
      .refine((amount) => amount >= minimum, breaks('amount-out-of-range', `expected at least ${minimum}`))
      .meta({ minimum, description: 'in the smallest unit: won for KRW, cents for EUR' })
      .transform((amount) => amount as MinorUnits),
    currency: currency.transform((code) => code as Currency),
  });

/** Whole pieces from 1 to `maximum`. */
export const quantity = (maximum: number) =>
  z
    .int('expected a whole number')
    .refine(
      (pieces) => pieces >= 1 && pieces <= maximum,
      breaks('quantity-out-of-range', `expected 1 to ${maximum}`),
    )
    .meta({ minimum: 1, maximum });

export const idempotencyKey = z
  .string('expected a key, unique to this request')
  .regex(/^[\x20-\x7e]{1,255}$/, 'expected 1 to 255 printable ASCII characters')
  .meta({ description: 'Unique to this request. Repeats under the same key take effect once.' });

/** A parameter from 1 to `maximum`. */
export const countTo = (maximum: number, message = `expected a whole number from 1 to ${maximum}`) =>
  z.coerce.number(message).int(message).min(1, message).max(maximum, message);

/** The length of a page. */
export const limit = countTo(100)
  .default(20)
  .meta({ description: 'The maximum number of entries on a page.' });

/** The operator's self-declared name; there is no authentication yet. */
export const operator = z
  .string('expected the name of the operator')
  .regex(textOf(100), 'expected 1 to 100 characters')
  .meta({ description: 'Your name, recorded as claimed.' });
