import { readFileSync } from 'node:fs';
import type { Choreography } from '../choreography.js';

/** The part of Avro's schema language that events use, with two attributes of our own: `brand` and `ko`. */
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
  /** The description in Korean. */
  readonly ko: string;
  /** The branded TypeScript type of the field. */
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

/** Reads `<type>.v<version>.avsc` from a folder. Throws where there is no such file. */
export const loadSchema = (folder: URL, type: string, version: number): RecordSchema =>
  JSON.parse(readFileSync(new URL(`${type}.v${version}.avsc`, folder), 'utf8')) as RecordSchema;

/** The newest schema of every event, in the catalogue's order. */
export const newestSchemas = ({ catalogue }: Choreography, folder: URL): readonly RecordSchema[] =>
  Object.entries(catalogue).map(([type, { version }]) => loadSchema(folder, type, version));
