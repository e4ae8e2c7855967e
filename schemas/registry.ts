import avro from 'avsc';
import { loadSchema } from './avro-schemas.js';
import { catalogue, type EventType } from './catalogue.js';
import type { EventPayloads } from './generated/events.js';

/** A payload that its schema accepts, reduced to the declared fields, or everything that is wrong with it. */
export type Validation<Type extends EventType = EventType> =
  | { readonly ok: true; readonly payload: EventPayloads[Type] }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

export interface FieldProblem {
  /** Where, as in `items[0].quantity`; empty for the payload as a whole. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * Checks an event against the Avro schema of its version, strictly: undeclared fields, malformed ids and
 * currencies and unsafe integers are refused. Of a version newer than the newest known one, the fields of the
 * newest known are checked and read, and the rest is ignored. Whatever comes in, it does not throw.
 */
export function validateEvent<Type extends EventType>(type: Type, payload: unknown): Validation<Type> {
  try {
    const structure = structureProblem(payload);
    return structure ? { ok: false, problems: [structure] } : validateFields(type, payload as Fields);
  } catch (error) {
    return {
      ok: false,
      problems: [{ path: '', expected: type, found: `what cannot be read (${String(error)})` }],
    };
  }
}

type Fields = Readonly<Record<string, unknown>>;

function validateFields<Type extends EventType>(type: Type, payload: Fields): Validation<Type> {
  const { version } = payload;
  if (!Number.isSafeInteger(version) || (version as number) < 1)
    return {
      ok: false,
      problems: [{ path: 'version', expected: 'a positive integer', found: describe(version) }],
    };
  const newest: number = catalogue[type].version;
  const avroType = avroTypeOf(type, Math.min(version as number, newest));
  const known = (version as number) > newest ? declaredFields(avroType, payload) : payload;
  const problems: FieldProblem[] = [];
  avroType.isValid(known, {
    noUndeclaredFields: true,
    errorHook: (path, found, expected) => problems.push(problemAt(path, found, expected)),
  });
  return problems.length > 0
    ? { ok: false, problems: problems.slice(0, MAX_PROBLEMS) }
    : { ok: true, payload: known as unknown as EventPayloads[Type] };
}

const MAX_PROBLEMS = 20;
const MAX_DEPTH = 6;
const MAX_LENGTH = 1_000;

/** Keeps what no event can look like away from the schema: too deep, too long, not plain data. */
function structureProblem(value: unknown, path = '', depth = 0): FieldProblem | undefined {
  const problem = (expected: string): FieldProblem => ({ path, expected, found: describe(value) });
  if (typeof value === 'string') {
    const isClean = value.length <= MAX_LENGTH && !value.includes('\0');
    return isClean ? undefined : problem(`at most ${MAX_LENGTH} characters, none of them NUL`);
  }
  if (typeof value !== 'object' || value === null) return depth === 0 ? problem('an object') : undefined;
  if (depth === MAX_DEPTH) return problem('less nesting');
  const entries = Object.entries(value);
  if (entries.length > MAX_LENGTH) return problem(`at most ${MAX_LENGTH} entries`);
  for (const [key, entry] of entries) {
    const inner = structureProblem(
      entry,
      joinPath(path, Array.isArray(value) ? Number(key) : key),
      depth + 1,
    );
    if (inner) return inner;
  }
  return undefined;
}

/** avsc reports the path as segments; a number is an index. */
function problemAt(path: readonly string[], found: unknown, expected: avro.Type): FieldProblem {
  const joined = path.reduce((before, key) => joinPath(before, /^\d+$/.test(key) ? Number(key) : key), '');
  return { path: joined, expected: expectation(expected), found: describe(found) };
}

const joinPath = (path: string, key: string | number): string =>
  typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;

function expectation(type: avro.Type): string {
  if (type instanceof avro.types.EnumType) return `one of ${type.symbols.join(', ')}`;
  if (type instanceof avro.types.RecordType)
    return `exactly the fields ${type.fields.map(({ name }) => name).join(', ')}`;
  if (type instanceof StrictType) return type.expectation;
  return type.typeName.startsWith('union:') ? 'null or a value of its type' : type.typeName;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function')
    return typeof value;
  return JSON.stringify(value).slice(0, 100);
}

const declaredFields = (type: avro.Type, payload: Fields): Fields =>
  type instanceof avro.types.RecordType
    ? Object.fromEntries(type.fields.map(({ name }) => [name, payload[name]]))
    : payload;

/** A logical type that stays what it is on the wire and checks more than Avro does. */
abstract class StrictType extends avro.types.LogicalType {
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
  protected accepts = (value: unknown): boolean =>
    typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value);
}

class EpochMilliseconds extends StrictType {
  readonly expectation = 'milliseconds since 1970, as an integer';
  protected accepts = isCount;
}

class CurrencyCode extends StrictType {
  readonly expectation = 'an ISO 4217 code of three capitals';
  protected accepts = (value: unknown): boolean => typeof value === 'string' && /^[A-Z]{3}$/.test(value);
}

class Amount extends StrictType {
  readonly expectation = 'a safe integer, not negative';
  protected accepts = isCount;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

const compiled = new Map<string, avro.Type>();

function avroTypeOf(type: EventType, version: number): avro.Type {
  const key = `${type}.v${version}`;
  const known = compiled.get(key);
  if (known) return known;
  const fresh = avro.Type.forSchema(loadSchema(type, version) as unknown as avro.Schema, {
    logicalTypes: {
      uuid: Uuid,
      'timestamp-millis': EpochMilliseconds,
      currency: CurrencyCode,
      amount: Amount,
    },
    wrapUnions: false,
  });
  compiled.set(key, fresh);
  return fresh;
}
