import avro from 'avsc';
import { charactersIn, LONGEST_TEXT, MOST_ENTRIES } from '../limits.js';
import { StrictType } from './strict-types.js';

/** One thing that is wrong with a payload. */
export interface FieldProblem {
  /** Where, as in `items[0].quantity`; empty for the payload as a whole. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/** What a field has to keep to beside its Avro type. It is asked first, and of any value. */
export interface FieldRule {
  readonly expectation: string;
  accepts(value: unknown): boolean;
}

/** Rules by the name of the field, at whatever depth. */
export type FieldRules = Readonly<Record<string, FieldRule>>;

export interface Checked {
  /** A copy that holds the declared fields and nothing else; it is worth something only without problems. */
  readonly copy: unknown;
  /** At most 20. */
  readonly problems: readonly FieldProblem[];
}

/**
 * Checks a value against an Avro type and copies its declared fields, filling in their defaults. It follows the
 * type and not the value, so that depth and cycles of what is not declared cost nothing.
 */
export function checkFields(
  type: avro.Type,
  value: unknown,
  undeclared: 'refused' | 'ignored',
  rules: FieldRules = {},
): Checked {
  const problems: FieldProblem[] = [];
  const report: Report = (path, expected, found) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ path, expected, found: describe(found) });
  };
  const copy = copyOf(type, value, { path: '', report, undeclared, rules });
  return { copy, problems };
}

const MAX_PROBLEMS = 20;

type Report = (path: string, expected: string, found: unknown) => void;

interface Place {
  readonly path: string;
  readonly report: Report;
  readonly undeclared: 'refused' | 'ignored';
  readonly rules: FieldRules;
}

function copyOf(type: avro.Type, value: unknown, place: Place): unknown {
  if (type instanceof avro.types.RecordType) return copyOfRecord(type, value, place);
  if (type instanceof avro.types.ArrayType) return copyOfArray(type, value, place);
  if (!isAccepted(type, value)) place.report(place.path, expectation(type), value);
  return value;
}

function copyOfRecord({ fields }: avro.types.RecordType, value: unknown, place: Place): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    place.report(place.path, 'an object', value);
    return undefined;
  }
  if (place.undeclared === 'refused') reportUndeclared(fields, value, place);
  const record: Readonly<Record<string, unknown>> = { ...value };
  return Object.fromEntries(
    fields.map((field) => {
      const given: unknown = record[field.name] === undefined ? field.defaultValue() : record[field.name];
      return [field.name, copyOfField(field, given, { ...place, path: joinPath(place.path, field.name) })];
    }),
  );
}

function copyOfField({ name, type }: avro.types.Field, given: unknown, place: Place): unknown {
  const rule = place.rules[name];
  if (rule === undefined || rule.accepts(given)) return copyOf(type, given, place);
  place.report(place.path, rule.expectation, given);
  return undefined;
}

function reportUndeclared(fields: readonly avro.types.Field[], value: object, { path, report }: Place): void {
  const declared = new Set(fields.map(({ name }) => name));
  for (const key of Object.keys(value))
    if (!declared.has(key))
      report(joinPath(path, key), 'no such field', (value as Record<string, unknown>)[key]);
}

function copyOfArray({ itemsType }: avro.types.ArrayType, value: unknown, place: Place): unknown {
  if (!Array.isArray(value) || value.length > MOST_ENTRIES) {
    place.report(place.path, `an array of at most ${MOST_ENTRIES} entries`, value);
    return undefined;
  }
  return Array.from(value, (entry: unknown, index) =>
    copyOf(itemsType, entry, { ...place, path: `${place.path}[${index}]` }),
  );
}

function isAccepted(type: avro.Type, value: unknown): boolean {
  if (typeof value === 'string' && !isCleanText(value)) return false;
  if (type instanceof avro.types.UnwrappedUnionType)
    return type.types.some((branch) => isAccepted(branch, value));
  // avsc looks a symbol up as a property, and so would take `toString` and ['A_SYMBOL'] for symbols.
  if (type instanceof avro.types.EnumType) return type.symbols.some((symbol) => symbol === value);
  // avsc's integer check throws on a bigint or a symbol.
  return isScalar(value) && type.isValid(value);
}

const isScalar = (value: unknown): boolean =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

// PostgreSQL's json takes neither NUL nor half a surrogate pair.
const isCleanText = (text: string): boolean =>
  isShort(text) && !text.includes('\0') && !/\p{Surrogate}/u.test(text);

/** A character takes one or two places in a string, so that only what may be short is counted. */
const isShort = (text: string): boolean =>
  text.length <= 2 * LONGEST_TEXT && charactersIn(text) <= LONGEST_TEXT;

function expectation(type: avro.Type): string {
  if (type instanceof avro.types.UnwrappedUnionType) return type.types.map(expectation).join(' or ');
  if (type instanceof avro.types.EnumType) return `one of ${type.symbols.join(', ')}`;
  if (type instanceof StrictType) return type.expectation;
  if (type instanceof avro.types.StringType)
    return `text of at most ${LONGEST_TEXT} characters, none of them NUL`;
  return type.typeName;
}

/** Keys that are no plain names come from outside: quoted and cut, so that a path is always printable. */
function joinPath(path: string, key: string): string {
  if (!/^\w{1,100}$/.test(key)) return `${path}[${JSON.stringify(key.slice(0, 100))}]`;
  return path === '' ? key : `${path}.${key}`;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
