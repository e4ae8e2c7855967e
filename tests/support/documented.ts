import { expect } from 'vitest';

/** As much of an OpenAPI document as the tests look at. */
export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, DocumentedResponse>> };
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, DocumentedResponse | { readonly $ref: string }>>;
}

interface DocumentedResponse {
  readonly content?: Readonly<Record<string, { readonly schema: { readonly allOf?: readonly Typed[] } }>>;
}

interface Typed {
  readonly properties?: { readonly type?: { readonly enum?: readonly string[] } };
}

/** Every operation of the document, with its path, its method and the responses that it can give. */
export const operationsOf = ({ paths, components }: ApiDocument) =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { operationId, parameters = [], responses }]) => ({
      path,
      method: method.toUpperCase(),
      operationId,
      parameters,
      responses: new Map(
        Object.entries(responses).map(([status, response]) => [
          Number(status),
          '$ref' in response ? resolve(components.responses, response.$ref) : response,
        ]),
      ),
    })),
  );

function resolve(responses: ApiDocument['components']['responses'], ref: string): DocumentedResponse {
  const found = responses[ref.split('/').at(-1) ?? ''];
  if (!found) throw new Error(`nothing is at ${ref}`);
  return found;
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Fails unless the document gives the operation this status, with this media type and this type of problem. */
export function expectDocumented(document: ApiDocument, { method, path, status, headers, body }: Seen): void {
  const asked = method === 'HEAD' ? 'GET' : method;
  const operation = operationsOf(document).find(
    (one) => one.method === asked && patternOf(one.path).test(path.split('?')[0] ?? ''),
  );
  // What no operation answers, such as a path that is not there, is the same for the whole API.
  if (!operation) return;
  const what = `${method} ${operation.path}: ${status}`;
  const response = operation.responses.get(status);
  if (!response) return expect.fail(`${what} is not in the document`);
  if (method === 'HEAD' || status === 304) return;
  const type = withoutParameters(headers.get('content-type') ?? '');
  expect(Object.keys(response.content ?? {}).map(withoutParameters), what).toContain(type);
  if (status < 400) return;
  const [, types] = response.content?.[type]?.schema.allOf ?? [];
  expect(types?.properties?.type?.enum, what).toContain((body as { readonly type: string }).type);
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);

const withoutParameters = (mediaType: string): string => mediaType.split(';')[0] ?? '';
