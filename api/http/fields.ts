import { z } from 'zod';
import type { EpochMillis } from '../../core/event.js';
import type { Currency, CustomerId, MinorUnits, OrderId, Sku } from '../../schemas/ids.js';
import {
  currencyPattern,
  identifierPattern,
  limits,
  orderIdBeginningPattern,
  rangeOf,
  type Limit,
} from '../../schemas/limits.js';
import type { ProblemName } from './problem.js';
import { breaks } from './validate.js';

const identifier = z
  .string()
  .regex(
    identifierPattern,
    `expected ${rangeOf(limits.identifier)} letters, digits, dots, hyphens or underscores`,
  );

export const customerId = identifier.meta({ examples: ['alice'] }).transform((id) => id as CustomerId);
export const sku = identifier.meta({ examples: ['mouse'] }).transform((id) => id as Sku);
/** Whatever its version, as in events and rows. */
export const orderId = z.guid('expected a UUID').transform((id) => id.toLowerCase() as OrderId);

export const orderIdBeginning = z
  .string()
  .regex(orderIdBeginningPattern, 'expected an order id, or at least 4 characters of its beginning')
  .transform((id) => id.toLowerCase())
  .meta({ description: 'An order id, or at least 4 characters of its beginning.', examples: ['575a01e7'] });

/** A moment in a query. */
export const time = z.iso
  .datetime({ offset: true, error: 'expected an RFC 3339 time such as 2026-01-31T09:00:00Z' })
  .transform((text) => Date.parse(text) as EpochMillis);

/** A filter that is on or left out. */
export const only = z.literal('true', 'expected `true`, or nothing').optional();

/** Control characters, spelled out: not every reader of the OpenAPI pattern supports `\p{Cc}`. */
const CONTROL = '\\x00-\\x1f\\x7f-\\x9f';
/** The flag `u` makes it count characters, and not the places that they take in a string. */
const textOf = (allowed: string, { min, max }: Limit) => new RegExp(`^${allowed}{${min},${max}}$`, 'u');

/** What turns the direction of the text after it, and line breaks. */
const DIRECTION = '\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069';

/** Text for people: it shows where it ends, and that it is there. */
export const name = z
  .string()
  .regex(
    textOf(`[^${CONTROL}${DIRECTION}]`, limits.name),
    `expected ${rangeOf(limits.name)} characters without control or direction characters`,
  );

const { emailLocalPart } = limits;

/** Bounds of RFC 5321. */
export const email = z
  .email('expected an e-mail address')
  .regex(
    new RegExp(`^(?![^@]{${emailLocalPart.max + 1}})`),
    `expected at most ${emailLocalPart.max} characters before the @`,
  )
  .max(limits.email.max);

const currency = z.string().regex(currencyPattern, 'expected an ISO 4217 code of three capitals');

/** A fraction is malformed, and so is a number no double holds exactly; one outside the limit breaks a rule. */
const wholeNumber = (limit: Limit, outside: ProblemName) =>
  z
    .int(`expected a whole number from ${rangeOf(limit)}`)
    .refine(
      (number) => number >= limit.min && number <= limit.max,
      breaks(outside, `expected ${rangeOf(limit)}`),
    )
    .meta({ minimum: limit.min, maximum: limit.max });

/** Money within a limit, in minor units. */
export const money = (limit: Limit) =>
  z.strictObject({
    amount: wholeNumber(limit, 'amount-out-of-range')
      .meta({ description: 'in the smallest unit: won for KRW, cents for EUR' })
      .transform((amount) => amount as MinorUnits),
    currency: currency.transform((code) => code as Currency),
  });

/** Whole pieces within a limit. */
export const quantity = (limit: Limit) => wholeNumber(limit, 'quantity-out-of-range');

export const idempotencyKey = z
  .string('expected a key, unique to this request')
  .regex(
    textOf('[\\x20-\\x7e]', limits.idempotencyKey),
    `expected ${rangeOf(limits.idempotencyKey)} printable ASCII characters`,
  )
  .meta({ description: 'Unique to this request. Repeats under the same key take effect once.' });

/** A parameter from 1 to `maximum`. */
export const countTo = (maximum: number, message = `expected a whole number from 1 to ${maximum}`) =>
  z.coerce.number(message).int(message).min(1, message).max(maximum, message);

/** The length of a page. */
export const limit = countTo(limits.page.max)
  .default(20)
  .meta({ description: 'The maximum number of entries on a page.' });

/** A list of which no more is read than is needed to see that it is too long. */
export const listUpTo = <Element extends z.ZodType>(max: number, element: Element) =>
  z.preprocess(
    (value: unknown) => (Array.isArray(value) ? value.slice(0, max + 1) : value),
    z.array(element),
  );
