import { createHash } from 'node:crypto';
import { loadSchema } from '../../schemas/registry.js';
import { catalogue, eventTypes } from '../../schemas/catalogue.js';

type Fingerprints = Readonly<Record<string, string>>;

/**
 * The fingerprint of every schema that was released, so that none is ever edited: a new version is added here, and
 * one that is here keeps its meaning. Descriptions may change. Throws where a released schema has changed or gone.
 */
export function renderReleasedSchemas(present: string, current: Fingerprints = fingerprints()): string {
  const released = present === '' ? {} : (JSON.parse(present) as Fingerprints);
  for (const [name, fingerprint] of Object.entries(released))
    if (current[name] !== fingerprint)
      throw new Error(`${name} was changed after its release; restore it, and add a new version`);
  return `${JSON.stringify({ ...released, ...current }, null, 2)}\n`;
}

const fingerprints = (): Fingerprints =>
  Object.fromEntries(
    eventTypes.flatMap((type) =>
      Array.from({ length: catalogue[type].version }, (_, index) => [
        `${type}.v${index + 1}`,
        fingerprintOf(loadSchema(type, index + 1)),
      ]),
    ),
  );

const fingerprintOf = (schema: object): string =>
  createHash('sha256').update(JSON.stringify(schema, withoutDescriptions)).digest('hex');

const withoutDescriptions = (key: string, value: unknown): unknown =>
  key === 'doc' || key === 'ko' ? undefined : value;
