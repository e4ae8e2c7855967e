import { loadSchema as loadFrom, newestSchemas as newestFrom } from '../core/avro/avro-schemas.js';
import type { FieldProblem } from '../core/avro/check-fields.js';
import type { Contract } from '../core/activity/inspection.js';
import { SchemaRegistry } from '../core/avro/schema-registry.js';
import { choreography, type EventType } from './catalogue.js';
import { fieldRules } from './field-rules.js';
import type { EventPayloads } from './generated/events.js';
import { moneyTypes } from './money-types.js';

const folder = new URL('./avro/', import.meta.url);

/** The shop's choreography with its Avro schemas (`schemas/avro`). */
export const contract: Contract = {
  choreography,
  schemas: new SchemaRegistry(choreography, folder, { logicalTypes: moneyTypes, fields: fieldRules }),
};

/** The schema of one event and version. Throws where there is no such file. */
export const loadSchema = (type: EventType, version: number) => loadFrom(folder, type, version);

/** The newest schema of every event, in the catalogue's order. */
export const newestSchemas = () => newestFrom(choreography, folder);

export type Validation<Type extends EventType = EventType> =
  | { readonly ok: true; readonly payload: EventPayloads[Type] }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Checks one of the shop's events against the schema of its version; see `SchemaRegistry.validate`. */
export const validateEvent = <Type extends EventType>(type: Type, payload: unknown): Validation<Type> =>
  contract.schemas.validate(type, payload) as unknown as Validation<Type>;
