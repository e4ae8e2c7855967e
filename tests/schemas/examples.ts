import { existsSync, readFileSync } from 'node:fs';
import { catalogue, eventTypes, type EventType } from '../../schemas/catalogue.js';
import { loadSchema } from '../../schemas/registry.js';
import { sampleOf } from './sample.js';

/** Plain JSON, as it would come out of a signal: what the registry makes of it is what is tested. */
export type Json = Readonly<Record<string, unknown>>;

const folder = new URL('./examples/', import.meta.url);

/** A good payload of an event, as its publisher wrote it at that version, and kept for good; else one made of its schema. */
export function exampleOf(type: EventType, version: number): Json {
  const file = new URL(`${type}.v${version}.json`, folder);
  if (!existsSync(file)) return sampleOf(loadSchema(type, version), version);
  return JSON.parse(readFileSync(file, 'utf8')) as Json;
}

/** One good payload of every event, of the newest version. */
export const examples = Object.fromEntries(
  eventTypes.map((type) => [type, exampleOf(type, catalogue[type].version)]),
) as Readonly<Record<EventType, Json>>;

export const everyExample: readonly (readonly [EventType, Json])[] = eventTypes.map((type) => [
  type,
  examples[type],
]);

/** An example with fields at its top level changed; `undefined` takes a field away. */
export function changed(type: EventType, changes: Json): Json {
  const fields = Object.entries({ ...examples[type], ...changes });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}
