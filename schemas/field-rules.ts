import type { FieldRule } from '../core/avro/check-fields.js';
import { matches } from '../core/avro/strict-types.js';
import { identifierPattern, isWithin, limits, rangeOf } from './limits.js';

const identifier: FieldRule = {
  expectation: `${rangeOf(limits.identifier)} letters, digits, dots, hyphens or underscores`,
  accepts: (value) => matches(value, identifierPattern),
};

/** What fields of these names keep to in every event. A released schema is never edited, so this stands beside it. */
export const fieldRules: Readonly<Record<string, FieldRule>> = {
  customerId: identifier,
  sku: identifier,
  quantity: {
    expectation: `an integer from ${rangeOf(limits.quantity)}`,
    accepts: (value) => isWithin(limits.quantity, value),
  },
  items: {
    expectation: `an array of ${rangeOf(limits.items)} entries`,
    accepts: (value) => Array.isArray(value) && isWithin(limits.items, value.length),
  },
};
