import avro from 'avsc';

/** A logical type whose value stays what it is on the wire, and which checks more than Avro's own type does. */
export abstract class StrictType extends avro.types.LogicalType {
  abstract readonly expectation: string;
  protected abstract accepts(value: unknown): boolean;

  protected override _fromValue(value: unknown): unknown {
    return value;
  }

  protected override _toValue(value: unknown): unknown {
    return this.accepts(value) ? value : undefined;
  }
}

class Uuid extends StrictType {
  readonly expectation = 'a UUID in lower case';
  protected accepts = (value: unknown): boolean => matches(value, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
}

class EpochMilliseconds extends StrictType {
  readonly expectation = 'milliseconds since 1970, as an integer';
  protected accepts = (value: unknown): boolean => isIntegerFrom(0, value);
}

class CurrencyCode extends StrictType {
  readonly expectation = 'an ISO 4217 code of three capitals';
  protected accepts = (value: unknown): boolean => matches(value, /^[A-Z]{3}$/);
}

class Amount extends StrictType {
  readonly expectation = 'a safe integer, not negative';
  protected accepts = (value: unknown): boolean => isIntegerFrom(0, value);
}

class Positive extends StrictType {
  readonly expectation = 'an integer from 1';
  protected accepts = (value: unknown): boolean => isIntegerFrom(1, value);
}

/** The logical types of the events, under the names that the `.avsc` files use. */
export const strictTypes = {
  uuid: Uuid,
  'timestamp-millis': EpochMilliseconds,
  currency: CurrencyCode,
  amount: Amount,
  positive: Positive,
};

const matches = (value: unknown, pattern: RegExp): boolean =>
  typeof value === 'string' && pattern.test(value);

const isIntegerFrom = (least: number, value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least;
