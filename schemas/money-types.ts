import { isIntegerFrom, matches, StrictType } from '../core/avro/strict-types.js';

class CurrencyCode extends StrictType {
  readonly expectation = 'an ISO 4217 code of three capitals';
  protected accepts = (value: unknown): boolean => matches(value, /^[A-Z]{3}$/);
}

class Amount extends StrictType {
  readonly expectation = 'a safe integer, not negative';
  protected accepts = (value: unknown): boolean => isIntegerFrom(0, value);
}

/** The shop's own logical types, under the names that the `.avsc` files use. */
export const moneyTypes = { currency: CurrencyCode, amount: Amount };
