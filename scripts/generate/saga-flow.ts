import {
  newestSchemas,
  type AvroType,
  type FieldSchema,
  type RecordSchema,
} from '../../schemas/avro-schemas.js';

const START = '<!-- AUTO_GENERATED_EVENT_SPEC_START -->';
const END = '<!-- AUTO_GENERATED_EVENT_SPEC_END -->';

/**
 * The saga flow document with the fields of all events between the markers; everything outside stays byte for
 * byte. Throws unless each marker is there exactly once and in order.
 */
export function renderSagaFlow(present: string, events: readonly RecordSchema[] = newestSchemas()): string {
  const start = onlyIndexOf(present, START);
  const end = onlyIndexOf(present, END);
  if (end < start) throw new Error(`docs/saga-flow.ko.md has ${END} before ${START}`);
  const before = present.slice(0, start + START.length);
  return `${before}\n\n${events.map(renderEvent).join('\n')}\n${present.slice(end)}`;
}

function onlyIndexOf(text: string, marker: string): number {
  const index = text.indexOf(marker);
  if (index === -1) throw new Error(`docs/saga-flow.ko.md lacks ${marker}`);
  if (text.includes(marker, index + 1)) throw new Error(`docs/saga-flow.ko.md has ${marker} more than once`);
  return index;
}

/** Avro names a record where it is first used and refers to it by name afterwards. */
type NamedRecords = Map<string, RecordSchema>;

function renderEvent({ name, fields }: RecordSchema): string {
  const named: NamedRecords = new Map();
  const rows = fields.flatMap((field) => renderField(field, '', named));
  return [`#### \`${name}\``, '', '| 필드 | 타입 | 설명 |', '|---|---|---|', ...rows, ''].join('\n');
}

function renderField(field: FieldSchema, prefix: string, named: NamedRecords): string[] {
  const path = `${prefix}${field.name}`;
  const description =
    field.default === undefined ? field.ko : `${field.ko} (기본값 \`${JSON.stringify(field.default)}\`)`;
  return [
    `| \`${path}\` | ${typeName(field.type)} | ${description.replaceAll('|', '\\|')} |`,
    ...renderInner(field.type, path, named),
  ];
}

function renderInner(type: AvroType, path: string, named: NamedRecords): string[] {
  if (typeof type === 'string') return renderFields(named.get(type), path, named);
  if (!('type' in type)) return [];
  if ('fields' in type) return renderFields(type, path, named.set(type.name, type));
  return 'items' in type ? renderInner(type.items, `${path}[]`, named) : [];
}

const renderFields = (record: RecordSchema | undefined, path: string, named: NamedRecords): string[] =>
  record?.fields.flatMap((inner) => renderField(inner, `${path}.`, named)) ?? [];

function typeName(type: AvroType): string {
  if (typeof type === 'string') return `\`${type}\``;
  if (!('type' in type)) return type.map(typeName).join(' 또는 ');
  if ('fields' in type) return `\`${type.name}\``;
  if ('symbols' in type) return type.symbols.map((symbol) => `\`${symbol}\``).join(', ');
  if ('items' in type) return `${typeName(type.items)} 배열`;
  return `\`${type.type}\` (${type.logicalType})`;
}
