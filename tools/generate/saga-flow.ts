import { newestSchemas } from '../../schemas/registry.js';
import { type RecordSchema } from '../../core/avro/avro-schemas.js';
import { flatFields, typeName, type FlatField, type TypeWords } from './avro-fields.js';

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

function renderEvent(event: RecordSchema): string {
  return [
    `#### \`${event.name}\``,
    '',
    '| 필드 | 타입 | 설명 |',
    '|---|---|---|',
    ...flatFields(event).map(renderField),
    '',
  ].join('\n');
}

function renderField({ path, field }: FlatField): string {
  const { ko, default: preset, type } = field;
  const description = preset === undefined ? ko : `${ko} (기본값 \`${JSON.stringify(preset)}\`)`;
  return `| \`${path}\` | ${typeName(type, korean)} | ${description.replaceAll('|', '\\|')} |`;
}

const korean: TypeWords = { or: '또는', arrayOf: (items) => `${items} 배열` };
