import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import { describeProblems, requestId } from './openapi-problems.js';
import type { DeclaredResponse, Operation } from './operation.js';
import { problemDocument } from './problem.js';
import type { ResourceGroup } from './router.js';

/** The OpenAPI 3.1 document, made of the schemas that check requests and responses. */
export const describeApi = (groups: readonly ResourceGroup[], { schemas, ...info }: ApiInfo) =>
  createDocument({
    openapi: '3.1.1',
    info: { ...info, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    // Nobody logs in.
    security: [],
    tags: groups.map(({ name, description }) => ({ name, description })),
    paths: Object.assign({}, ...groups.map(describeResources)) as ZodOpenApiPathsObject,
    components: { schemas: { Problem: problemDocument, ...schemas } },
  });

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** Schemas that no operation refers to, by the name under which they appear. */
  readonly schemas: Readonly<Record<string, z.ZodType>>;
}

const describeResources = ({ name, resources }: ResourceGroup): ZodOpenApiPathsObject =>
  mapValues(resources, (resource) => mapValues(resource, (operation) => describeOperation(name, operation)));

function describeOperation(tag: string, operation: Operation): ZodOpenApiOperationObject {
  const { id, summary, description, path, query, headers, body, responses, caching } = operation;
  const success = mapValues(responses, (response) => describeResponse(response, caching !== undefined));
  return {
    operationId: id,
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    requestParams: {
      ...(path && { path }),
      ...(query && { query }),
      header: z.object({ ...headers?.shape, ...(caching ? conditional : {}) }),
    },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: { ...success, ...(caching ? { 304: notModified } : {}), ...describeProblems(operation) },
  };
}

const etag = {
  ETag: z.string().meta({ description: 'Changes whenever the response does.', header: { id: 'ETag' } }),
};
const conditional = {
  'If-None-Match': z.string().optional().meta({ description: 'The ETag of an earlier response.' }),
};
const notModified: ZodOpenApiResponseObject = {
  description: 'Nothing has changed since the response with this ETag',
  headers: z.object({ ...requestId, ...etag }),
};

function describeResponse(declared: DeclaredResponse, isCached: boolean): ZodOpenApiResponseObject {
  const { description, body, type = 'application/json', headers, stream } = declared;
  return {
    description,
    headers: z.object({ ...requestId, ...(isCached ? etag : {}), ...headers?.shape }),
    content: {
      ...(body && { [type]: { schema: body } }),
      ...(stream && { 'text/event-stream': { schema: { type: 'string' } } }),
    },
  };
}

const mapValues = <Value, Mapped>(values: Readonly<Record<string, Value>>, map: (value: Value) => Mapped) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
