import avro from 'avsc';
import { isUuid } from '../event.js';
import { LARGEST_INT, LATEST_TIME } from '../limits.js';

/** A logical type whose value stays as it is on the wire, and which checks more than Avro's own type does. */
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
  protected accepts = isUuid;
}

class EpochMilliseconds extends StrictType {
  readonly expectation = 'milliseconds since 1970, as an integer, until the end of the year 9999';
  protected accepts = (value: unknown): boolean => isIntegerFrom(0, value) && value <= LATEST_TIME;
}

class Positive extends StrictType {
  readonly expectation = `an integer from 1 to ${LARGEST_INT}`;
  protected accepts = (value: unknown): boolean => isIntegerFrom(1, value) && value <= LARGEST_INT;
}

/** Logical types by the names that the `.avsc` files use. */
export type StrictTypes = Readonly<Record<string, new (...args: never) => StrictType>>;

/** The logical types that every choreography has. */
export const strictTypes = {
  uuid: Uuid,
  'timestamp-millis': EpochMilliseconds,
  positive: Positive,
} satisfies StrictTypes;

export const matches = (value: unknown, pattern: RegExp): boolean =>
  typeof value === 'string' && pattern.test(value);

const isIntegerFrom = (least: number, value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least;
