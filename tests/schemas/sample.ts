import type { AvroType, RecordSchema } from '../../core/avro/avro-schemas.js';

type Payload = Readonly<Record<string, unknown>>;

const ID = '7c1d5f0e-2b0a-4c7e-9a34-5f1c2d3e4b60';

const byLogicalType: Readonly<Record<string, unknown>> = {
  uuid: ID,
  positive: 1,
  amount: 1_000,
  currency: 'KRW',
  'timestamp-millis': 1_700_000_000_000,
};
const byName: Readonly<Record<string, unknown>> = { string: 'sample', boolean: true, int: 1, long: 1 };

/** A payload that fits the schema, for an event that has no example of its own. */
export function sampleOf(schema: RecordSchema, version: number): Payload {
  return { ...recordOf(schema, new Map()), version };
}

type Named = Map<string, AvroType>;

function recordOf({ fields }: RecordSchema, named: Named): Payload {
  return Object.fromEntries(fields.map(({ name, type }) => [name, valueOf(type, named)]));
}

function valueOf(type: AvroType, named: Named): unknown {
  if (typeof type === 'string')
    return named.has(type) ? valueOf(named.get(type) ?? type, named) : byName[type];
  if (!('type' in type)) return valueOf(type.find((one) => one !== 'null') ?? 'null', named);
  if ('name' in type) named.set(type.name, type);
  if ('fields' in type) return recordOf(type, named);
  if ('symbols' in type) return type.symbols[0];
  if ('items' in type) return [valueOf(type.items, named)];
  return byLogicalType[type.logicalType];
}
