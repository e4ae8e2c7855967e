import avro from 'avsc';
import { loadSchema } from './avro-schemas.js';
import { catalogue, eventTypes, isEventType, type EventType } from './catalogue.js';
import { checkFields, type Checked, type FieldProblem } from './check-fields.js';
import type { EventPayloads } from './generated/events.js';
import { strictTypes } from './strict-types.js';

/** A payload that its schema accepts, reduced to the declared fields, or what is wrong with it. */
export type Validation<Type extends EventType = EventType> =
  | { readonly ok: true; readonly payload: EventPayloads[Type] }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/**
 * Checks an event against the Avro schema of its version, strictly: undeclared fields, malformed ids and
 * currencies and unsafe integers are refused. The result has the fields of the newest known version: of a newer one
 * they are checked and read, and the rest is ignored; what an older one lacks has its default. Whatever comes in,
 * it does not throw.
 */
export function validateEvent<Type extends EventType>(type: Type, payload: unknown): Validation<Type> {
  const { copy, problems } = check(type, payload);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, payload: copy as EventPayloads[Type] };
}

/** Only what is no plain data can throw here: a getter or a proxy runs code of its own when it is read. */
function check(type: EventType, payload: unknown): Checked {
  try {
    return checkVersioned(type, payload);
  } catch (error) {
    const found = error instanceof Error ? `what cannot be read: ${error.message}` : 'what cannot be read';
    return refusal('', 'plain data', found);
  }
}

/**
 * A version that is no version is checked as the newest, whose schema then says what is wrong with it. An older one
 * is checked by its own schema, and then read by the newest, which gives what it lacks its default.
 */
function checkVersioned(type: EventType, payload: unknown): Checked {
  if (!isEventType(type)) return refusal('', 'a known event type', 'another');
  const newest: number = catalogue[type].version;
  const version = versionOf(payload) ?? newest;
  if (version > newest) return checkFields(avroTypeOf(type, newest), payload, 'ignored');
  const checked = checkFields(avroTypeOf(type, version), payload, 'refused');
  if (version === newest || checked.problems.length > 0) return checked;
  return checkFields(avroTypeOf(type, newest), checked.copy, 'refused');
}

function versionOf(payload: unknown): number | undefined {
  if (typeof payload !== 'object' || payload === null || !('version' in payload)) return undefined;
  const { version } = payload;
  return typeof version === 'number' && Number.isSafeInteger(version) && version >= 1 ? version : undefined;
}

const refusal = (path: string, expected: string, found: string): Checked => ({
  copy: undefined,
  problems: [{ path, expected, found }],
});

// Compiled at import: a schema that is missing or broken stops the start instead of refusing every event.
const avroTypes: ReadonlyMap<EventType, readonly avro.Type[]> = new Map(
  eventTypes.map((type) => [
    type,
    Array.from({ length: catalogue[type].version }, (_, i) => compile(type, i + 1)),
  ]),
);

function compile(type: EventType, version: number): avro.Type {
  const schema = loadSchema(type, version) as unknown as avro.Schema;
  return avro.Type.forSchema(schema, { logicalTypes: strictTypes, wrapUnions: false });
}

function avroTypeOf(type: EventType, version: number): avro.Type {
  const avroType = avroTypes.get(type)?.[version - 1];
  if (!avroType) throw new Error(`no schema of ${type} version ${version}`);
  return avroType;
}
