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
export function renderSagaFlow(present: string): string {
  const [before, inside, ...rest] = present.split(START);
  const [, after, ...more] = inside?.split(END) ?? [];
  if (
    before === undefined ||
    after === undefined ||
    rest.length > 0 ||
    more.length > 0 ||
    before.includes(END)
  )
    throw new Error(`docs/saga-flow.ko.md must hold ${START} and then ${END}, each once`);
  return `${before}${START}\n\n${newestSchemas().map(renderEvent).join('\n')}\n${END}${after}`;
}

const renderEvent = ({ name, fields }: RecordSchema): string =>
  [
    `#### ${name}`,
    '',
    '| 필드 | 타입 | 설명 |',
    '|---|---|---|',
    ...fields.flatMap((field) => renderField(field)),
    '',
  ].join('\n');

function renderField(field: FieldSchema, prefix = ''): string[] {
  const path = `${prefix}${field.name}`;
  return [`| \`${path}\` | ${typeName(field.type)} | ${field.ko} |`, ...renderInner(field.type, path)];
}

function renderInner(type: AvroType, path: string): string[] {
  if (typeof type === 'string' || !('type' in type)) return [];
  if ('fields' in type) return type.fields.flatMap((inner) => renderField(inner, `${path}.`));
  return 'items' in type ? renderInner(type.items, `${path}[]`) : [];
}

function typeName(type: AvroType): string {
  if (typeof type === 'string') return type;
  if (!('type' in type)) return type.map(typeName).join(' 또는 ');
  if ('fields' in type) return type.name;
  if ('symbols' in type) return type.symbols.map((symbol) => `\`${symbol}\``).join(', ');
  if ('items' in type) return `${typeName(type.items)}의 배열`;
  return `${type.type} (${type.logicalType})`;
}
