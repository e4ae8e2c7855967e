import avro from 'avsc';
import { isEventType, type Choreography } from '../choreography.js';
import type { EventFields } from '../event.js';
import { loadSchema } from './avro-schemas.js';
import { checkFields, type Checked, type FieldProblem, type FieldRules } from './check-fields.js';
import { strictTypes, type StrictTypes } from './strict-types.js';

/** A payload that its schema accepts, reduced to the declared fields, or what is wrong with it. */
export type Validation =
  | { readonly ok: true; readonly payload: EventFields }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** What a business checks beside the Avro types of its events. */
export interface BusinessRules {
  /** Logical types of its own, beside the core's. */
  readonly logicalTypes?: StrictTypes;
  readonly fields?: FieldRules;
}

/** The Avro schemas of a choreography's events, every version of each. */
export class SchemaRegistry {
  readonly #choreography: Choreography;
  /** By event type; the first entry is version 1. */
  readonly #types: ReadonlyMap<string, readonly avro.Type[]>;
  readonly #fields: FieldRules;

  /**
   * Compiles `<type>.v<n>.avsc` of the folder at once: a schema that is missing or broken stops the start instead of
   * refusing every event.
   */
  constructor(
    choreography: Choreography,
    folder: URL,
    { logicalTypes = {}, fields = {} }: BusinessRules = {},
  ) {
    this.#choreography = choreography;
    this.#fields = fields;
    const types = { ...strictTypes, ...logicalTypes };
    // Options of its own for each: avsc keeps the names of a schema in them, and takes no name twice.
    const compile = (type: string, version: number) =>
      avro.Type.forSchema(loadSchema(folder, type, version) as unknown as avro.Schema, {
        logicalTypes: types,
        wrapUnions: false,
      });
    this.#types = new Map(
      Object.entries(choreography.catalogue).map(([type, { version }]) => [
        type,
        Array.from({ length: version }, (_, i) => compile(type, i + 1)),
      ]),
    );
  }

  /**
   * Checks an event against the Avro schema of its version, strictly: undeclared fields, malformed ids and unsafe
   * integers are refused. The result has the fields of the newest known version: of a newer one they are checked and
   * read, and the rest is ignored; what an older one lacks has its default. Whatever comes in, it does not throw.
   */
  validate(type: string, payload: unknown): Validation {
    const { copy, problems } = this.#check(type, payload);
    return problems.length > 0 ? { ok: false, problems } : { ok: true, payload: copy as EventFields };
  }

  /** Only what is no plain data can throw here: a getter or a proxy runs code of its own when it is read. */
  #check(type: string, payload: unknown): Checked {
    try {
      return this.#checkVersioned(type, payload);
    } catch (error) {
      const found = error instanceof Error ? `what cannot be read: ${error.message}` : 'what cannot be read';
      return refusal('', 'plain data', found);
    }
  }

  /**
   * A version that is no version is checked as the newest, whose schema then says what is wrong with it. An older one
   * is checked by its own schema, and then read by the newest, which gives what it lacks its default.
   */
  #checkVersioned(type: string, payload: unknown): Checked {
    if (!isEventType(this.#choreography, type)) return refusal('', 'a known event type', 'another');
    const newest = this.#types.get(type)?.length ?? 0;
    const version = versionOf(payload) ?? newest;
    if (version > newest) return this.#checkAs(type, newest, payload, 'ignored');
    const checked = this.#checkAs(type, version, payload, 'refused');
    if (version === newest || checked.problems.length > 0) return checked;
    return this.#checkAs(type, newest, checked.copy, 'refused');
  }

  #checkAs(type: string, version: number, payload: unknown, undeclared: 'refused' | 'ignored'): Checked {
    return checkFields(this.#typeOf(type, version), payload, undeclared, this.#fields);
  }

  #typeOf(type: string, version: number): avro.Type {
    const avroType = this.#types.get(type)?.[version - 1];
    if (!avroType) throw new Error(`no schema of ${type} version ${version}`);
    return avroType;
  }
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
