import { matches, StrictType } from '../core/avro/strict-types.js';
import { currencyPattern, isWithin, limits, rangeOf } from './limits.js';

class CurrencyCode extends StrictType {
  readonly expectation = 'an ISO 4217 code of three capitals';
  protected accepts = (value: unknown): boolean => matches(value, currencyPattern);
}

/** Prices, totals and refunds have the same bounds. */
class Amount extends StrictType {
  readonly expectation = `an integer from ${rangeOf(limits.total)}`;
  protected accepts = (value: unknown): boolean => isWithin(limits.total, value);
}

/** The shop's own logical types, under the names that the `.avsc` files use. */
export const moneyTypes = { currency: CurrencyCode, amount: Amount };
