import { readFileSync } from 'node:fs';
import { catalogue, eventTypes, type EventType } from './catalogue.js';

/** The part of Avro's schema language that the events use, with our own attributes `brand` and `ko`. */
export interface RecordSchema {
  readonly type: 'record';
  readonly name: string;
  readonly namespace?: string;
  readonly doc: string;
  readonly fields: readonly FieldSchema[];
}

export interface FieldSchema {
  readonly name: string;
  readonly type: AvroType;
  readonly doc: string;
  /** The description in the product owner's language. */
  readonly ko: string;
  /** The branded TypeScript type of `schemas/ids.ts`. */
  readonly brand?: string;
  readonly default?: unknown;
}

export type AvroType =
  | string
  | readonly AvroType[]
  | RecordSchema
  | { readonly type: 'array'; readonly items: AvroType }
  | { readonly type: 'enum'; readonly name: string; readonly symbols: readonly string[] }
  | { readonly type: 'string' | 'int' | 'long'; readonly logicalType: string };

const avroFolder = new URL('./avro/', import.meta.url);

/** The released schema of one event and version. Throws where there is no such file. */
export const loadSchema = (type: EventType, version: number): RecordSchema =>
  JSON.parse(readFileSync(new URL(`${type}.v${version}.avsc`, avroFolder), 'utf8')) as RecordSchema;

/** The newest schema of every event, in the catalogue's order. */
export const newestSchemas = (): readonly RecordSchema[] =>
  eventTypes.map((type) => loadSchema(type, catalogue[type].version));
