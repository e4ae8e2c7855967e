import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import type { Face } from './face.js';
import { problemsOf, type Answer, type Operation } from './operation.js';
import { problemDocument, problems, problemType, type ProblemName } from './problem.js';

/** The OpenAPI 3.1 document of these faces, made of the schemas that check their requests and answers. */
export const describeApi = (faces: readonly Face[], { title, version, description }: ApiInfo) =>
  createDocument({
    openapi: '3.1.1',
    info: { title, version, description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    tags: faces.map(({ name, description }) => ({ name, description })),
    paths: Object.assign({}, ...faces.map(describeResources)) as ZodOpenApiPathsObject,
    components: { schemas: { Problem: problemDocument } },
  });

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

const describeResources = ({ name, resources }: Face): ZodOpenApiPathsObject =>
  mapValues(resources, (resource) => mapValues(resource, (operation) => describeOperation(name, operation)));

function describeOperation(tag: string, operation: Operation): ZodOpenApiOperationObject {
  const { id, summary, description, path, query, headers, body, answers, caching } = operation;
  const success = mapValues(answers, (answer) => describeAnswer(answer, caching !== undefined));
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

const requestId = {
  'X-Request-Id': z
    .guid()
    .meta({ description: 'Names the request in the log; an order keeps it as its correlation id.' }),
};
const etag = { ETag: z.string().meta({ description: 'Changes whenever the answer does.' }) };
const conditional = {
  'If-None-Match': z.string().optional().meta({ description: 'The ETag of an earlier answer.' }),
};
const notModified: ZodOpenApiResponseObject = {
  description: 'Nothing has changed since the answer with this ETag',
  headers: z.object({ ...requestId, ...etag }),
};

function describeAnswer(answer: Answer, isCached: boolean): ZodOpenApiResponseObject {
  const { description, body, type = 'application/json', headers, stream } = answer;
  return {
    description,
    headers: z.object({ ...requestId, ...(isCached ? etag : {}), ...headers?.shape }),
    content: {
      ...(body && { [type]: { schema: body } }),
      ...(stream && { 'text/event-stream': { schema: { type: 'string' } } }),
    },
  };
}

/** One response for all problems of a status, which names their types. */
function describeProblems(operation: Operation): ZodOpenApiResponsesObject {
  const names = problemsOf(operation);
  const statuses = new Set(names.map((name) => problems[name].status));
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      describeProblem(
        status,
        names.filter((name) => problems[name].status === status),
      ),
    ]),
  );
}

function describeProblem(status: number, names: readonly ProblemName[]): ZodOpenApiResponseObject {
  const isForLater = status === 429 || status === 503;
  return {
    description: names.map((name) => problems[name].title).join('. '),
    headers: z.object({ ...requestId, ...(isForLater ? retryAfter : {}) }),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            { type: 'object', properties: { type: { enum: names.map(problemType) } } },
          ],
        },
      },
    },
  };
}

const retryAfter = { 'Retry-After': z.string().regex(/^\d+$/).meta({ description: 'In seconds.' }) };

const mapValues = <Value, Mapped>(values: Readonly<Record<string, Value>>, map: (value: Value) => Mapped) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
