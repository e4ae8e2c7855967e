import type { AvroType, FieldSchema, RecordSchema } from '../../core/avro/avro-schemas.js';

/** A field of a record, or of one inside it, with its way from the outside: `items[].unitPrice.amount`. */
export interface FlatField {
  readonly path: string;
  readonly field: FieldSchema;
}

/** Avro names a record where it is first used and refers to it by name afterwards. */
type NamedRecords = Map<string, RecordSchema>;

/** All fields of a record, each followed by those inside it. */
export const flatFields = (record: RecordSchema): readonly FlatField[] => fieldsOf(record, '', new Map());

const fieldsOf = (record: RecordSchema | undefined, prefix: string, named: NamedRecords): FlatField[] =>
  record?.fields.flatMap((field) => {
    const path = `${prefix}${field.name}`;
    return [{ path, field }, ...innerFields(field.type, path, named)];
  }) ?? [];

function innerFields(type: AvroType, path: string, named: NamedRecords): FlatField[] {
  if (typeof type === 'string') return fieldsOf(named.get(type), `${path}.`, named);
  if (!('type' in type)) return [];
  if ('fields' in type) return fieldsOf(type, `${path}.`, named.set(type.name, type));
  return 'items' in type ? innerFields(type.items, `${path}[]`, named) : [];
}

/** How a language says "one or the other", and "several of". */
export interface TypeWords {
  readonly or: string;
  readonly arrayOf: (items: string) => string;
}

/** A type as Markdown. */
export function typeName(type: AvroType, words: TypeWords): string {
  if (typeof type === 'string') return `\`${type}\``;
  if (!('type' in type)) return type.map((branch) => typeName(branch, words)).join(` ${words.or} `);
  if ('fields' in type) return `\`${type.name}\``;
  if ('symbols' in type) return type.symbols.map((symbol) => `\`${symbol}\``).join(', ');
  if ('items' in type) return words.arrayOf(typeName(type.items, words));
  return `\`${type.type}\` (${type.logicalType})`;
}
