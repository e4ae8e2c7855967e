import { readFileSync } from 'node:fs';
import asyncApiSchemas from '@asyncapi/specs';
import { Ajv, type AnySchemaObject } from 'ajv';
import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadSchema } from '../../schemas/registry.js';
import { catalogue, eventTypes } from '../../schemas/catalogue.js';
import { type CatalogueEntry } from '../../core/choreography.js';
import { services } from '../../schemas/services.js';
import { strictTypes } from '../../core/avro/strict-types.js';

interface Reference {
  readonly $ref: string;
}
interface Channel {
  readonly address: string;
  readonly messages: Readonly<Record<string, Reference>>;
}
interface Operation {
  readonly action: 'send' | 'receive';
  readonly tags: readonly { readonly name: string }[];
  readonly channel: Reference;
  readonly messages: readonly Reference[];
}
interface Message {
  readonly payload: { readonly schema: { readonly fields: readonly { readonly name: string }[] } };
}
interface AsyncApi {
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: { readonly messages: Readonly<Record<string, Message>> };
}

const document = parse(readFileSync('docs/asyncapi.yaml', 'utf8')) as AsyncApi;

const lookUp = (reference: string): unknown =>
  reference
    .split('/')
    .slice(1)
    .reduce<unknown>((place, key) => (place as Record<string, unknown> | undefined)?.[key], document);

function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' ? [String(inner)] : referencesIn(inner),
  );
}

const lastPart = ({ $ref }: Reference): string => $ref.split('/').at(-1) ?? '';

/** `from event to` for all that the operations of one kind say. */
const arrows = (action: Operation['action']): readonly string[] =>
  Object.values(document.operations)
    .filter((operation) => operation.action === action)
    .flatMap(({ tags, channel, messages }) =>
      messages.map((message) => `${tags[0]?.name ?? ''} ${lastPart(message)} ${lastPart(channel)}`),
    );

describe('docs/asyncapi.yaml', () => {
  it('is what AsyncAPI 3 and Avro describe', () => {
    // The schema brings JSON Schema's own schema along, which ajv would take for a second one.
    const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
    const validate = ajv.compile(asyncApiSchemas.schemas['3.0.0'] as AnySchemaObject);
    expect([validate(document), validate.errors]).toEqual([true, null]);
    const broken = JSON.parse(JSON.stringify(document).replace('"record"', '"recorrd"')) as unknown;
    expect(validate(broken)).toBe(false);
  });

  it('refers only to what is there', () => {
    const references = referencesIn(document);
    expect(references.length).toBeGreaterThan(40);
    for (const reference of references) expect([reference, lookUp(reference)]).not.toContain(undefined);
  });

  it('has the arrows of the catalogue, sent and received', () => {
    const expected = eventTypes.flatMap((type) => {
      const { publisher, subscribers }: CatalogueEntry = catalogue[type];
      return subscribers.map(({ service }) => ({ type, from: publisher, to: service }));
    });
    expect([...arrows('send')].sort()).toEqual(
      expected.map(({ type, from, to }) => `${from} ${type} ${to}`).sort(),
    );
    expect([...arrows('receive')].sort()).toEqual(
      expected.map(({ type, to }) => `${to} ${type} ${to}`).sort(),
    );
  });

  it('has a channel for each service, where its participant gets its signals', () => {
    expect(Object.entries(document.channels).map(([name, { address }]) => [name, address])).toEqual(
      services.map((service) => [service, `${service}-{orderId}`]),
    );
  });

  it.each(eventTypes)('has the Avro schema of %s', (type) => {
    const { schema } = document.components.messages[type]?.payload ?? {};
    const original = loadSchema(type, catalogue[type].version);
    const read = (given: object | undefined) =>
      avro.Type.forSchema(given as avro.Schema, { logicalTypes: strictTypes, wrapUnions: false });
    expect(read(schema).schema({ exportAttrs: true })).toEqual(read(original).schema({ exportAttrs: true }));
    expect(schema?.fields.map(({ name }) => name)).toEqual(original.fields.map(({ name }) => name));
    expect(JSON.stringify(schema)).not.toMatch(/"(ko|brand)":/);
  });
});

describe('docs/asyncapi.md', () => {
  const page = readFileSync('docs/asyncapi.md', 'utf8');

  it('has a part for every service and event, and links that lead somewhere', () => {
    const headings = [...page.matchAll(/^### (\w+)$/gm)].map(([, heading = '']) => heading);
    expect(headings).toEqual(expect.arrayContaining([...eventTypes]));
    for (const [, anchor = ''] of page.matchAll(/\(#(\w+)\)/g))
      expect(headings.map((heading) => heading.toLowerCase())).toContain(anchor);
  });

  it('draws every arrow of the catalogue', () => {
    const drawn = [...page.matchAll(/^ {2}(\w+) -- "(.*)" --> (\w+)$/gm)].flatMap(
      ([, from = '', types = '', to = '']) => types.split('<br>').map((type) => `${from} ${type}Event ${to}`),
    );
    expect(drawn.sort()).toEqual([...arrows('send')].sort());
  });
});
