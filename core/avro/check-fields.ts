import avro from 'avsc';
import { StrictType } from './strict-types.js';

/** One thing that is wrong with a payload. */
export interface FieldProblem {
  /** Where, as in `items[0].quantity`; empty for the payload as a whole. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

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
export function checkFields(type: avro.Type, value: unknown, undeclared: 'refused' | 'ignored'): Checked {
  const problems: FieldProblem[] = [];
  const report: Report = (path, expected, found) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ path, expected, found: describe(found) });
  };
  const copy = copyOf(type, value, { path: '', report, undeclared });
  return { copy, problems };
}

const MAX_PROBLEMS = 20;
const MAX_ENTRIES = 1_000;
const MAX_LENGTH = 1_000;

type Report = (path: string, expected: string, found: unknown) => void;

interface Place {
  readonly path: string;
  readonly report: Report;
  readonly undeclared: 'refused' | 'ignored';
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
      return [field.name, copyOf(field.type, given, { ...place, path: joinPath(place.path, field.name) })];
    }),
  );
}

function reportUndeclared(fields: readonly avro.types.Field[], value: object, { path, report }: Place): void {
  const declared = new Set(fields.map(({ name }) => name));
  for (const key of Object.keys(value))
    if (!declared.has(key))
      report(joinPath(path, key), 'no such field', (value as Record<string, unknown>)[key]);
}

function copyOfArray({ itemsType }: avro.types.ArrayType, value: unknown, place: Place): unknown {
  if (!Array.isArray(value) || value.length > MAX_ENTRIES) {
    place.report(place.path, `an array of at most ${MAX_ENTRIES} entries`, value);
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
  text.length <= MAX_LENGTH && !text.includes('\0') && !/\p{Surrogate}/u.test(text);

function expectation(type: avro.Type): string {
  if (type instanceof avro.types.UnwrappedUnionType) return type.types.map(expectation).join(' or ');
  if (type instanceof avro.types.EnumType) return `one of ${type.symbols.join(', ')}`;
  if (type instanceof StrictType) return type.expectation;
  if (type instanceof avro.types.StringType)
    return `text of at most ${MAX_LENGTH} characters, none of them NUL`;
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
