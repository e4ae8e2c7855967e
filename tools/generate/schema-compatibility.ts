import avro from 'avsc';
import type { AvroType, RecordSchema } from '../../core/avro/avro-schemas.js';
import type { Compatibility } from '../../core/choreography.js';

/**
 * What stands between the versions of one event, oldest first: a line for each pair in which one cannot read the
 * other although it has to. Every version is compared with all earlier ones, since any of them may be in the journal.
 */
export function obstaclesBetween(
  versions: readonly RecordSchema[],
  compatibility: Compatibility,
): readonly string[] {
  return versions.flatMap((newer, index) =>
    versions.slice(0, index).flatMap((older, olderIndex) => {
      const [newest, before] = [`version ${index + 1}`, `version ${olderIndex + 1}`];
      return [
        ...obstacles(newer, older).map((why) => `${newest} cannot read ${before}: ${why}`),
        ...(compatibility === 'both' ? obstacles(older, newer) : []).map(
          (why) => `${before} cannot read ${newest}: ${why}`,
        ),
      ];
    }),
  );
}

/** Avro's own rules of schema resolution, and one of ours: what a value may be is part of its type. */
function obstacles(reader: RecordSchema, writer: RecordSchema): readonly string[] {
  try {
    plainType(reader).createResolver(plainType(writer));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  const expected = restrictionsOf(reader);
  return [...restrictionsOf(writer)]
    .filter(([path, restriction]) => expected.has(path) && expected.get(path) !== restriction)
    .map(([path, restriction]) => `${path} is ${restriction}, expected ${expected.get(path) ?? ''}`);
}

/** avsc cannot resolve logical types of our own, so they are compared beside it. */
const plainType = (schema: RecordSchema): avro.Type =>
  avro.Type.forSchema(schema as unknown as avro.Schema, { wrapUnions: false });

/** The logical type of every field that has one, by its path. */
function restrictionsOf(type: AvroType, path = ''): ReadonlyMap<string, string> {
  if (typeof type === 'string') return new Map();
  if (!('type' in type)) return new Map(type.flatMap((branch) => [...restrictionsOf(branch, path)]));
  if ('fields' in type)
    return new Map(
      type.fields.flatMap((field) => [
        ...restrictionsOf(field.type, path === '' ? field.name : `${path}.${field.name}`),
      ]),
    );
  if ('items' in type) return restrictionsOf(type.items, `${path}[]`);
  return 'logicalType' in type ? new Map([[path, type.logicalType]]) : new Map();
}
