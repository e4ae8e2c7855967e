import { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { problemsOf, type Operation } from './operation.js';
import { problemNames, problems, problemType, type ProblemName } from './problem.js';

/** On every response. */
export const requestId = {
  'X-Request-Id': z.guid().meta({
    description: 'Identifies the request in the log; an order keeps it as its correlation id.',
    header: { id: 'X-Request-Id' },
  }),
};

/** One response per status, covering all the operation's problems of that status. */
export function describeProblems(operation: Operation): ZodOpenApiResponsesObject {
  const names = problemsOf(operation);
  const statuses = new Set(names.map((name) => problems[name].status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const these = names.filter((name) => problems[name].status === status);
      const alone = these.length === 1 && these[0] ? shared.get(these[0]) : undefined;
      return [status, alone ?? describeProblem(status, these)];
    }),
  );
}

function describeProblem(status: number, names: readonly ProblemName[]): ZodOpenApiResponseObject {
  const types = { type: 'object', properties: { type: { enum: names.map(problemType) } } } as const;
  return {
    description: names.map((name) => problems[name].title).join('. '),
    headers: z.object({ ...requestId, ...(status === 429 || status === 503 ? retryAfter : {}) }),
    content: {
      'application/problem+json': { schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, types] } },
    },
  };
}

const retryAfter = {
  'Retry-After': z
    .string()
    .regex(/^\d+$/)
    .optional()
    .meta({
      description: 'In seconds; absent where a repeat could take effect twice.',
      header: { id: 'Retry-After' },
    }),
};

/** Most statuses of most operations mean one problem, which the document then describes once. */
const shared = new Map(
  problemNames.map((name) => [name, { ...describeProblem(problems[name].status, [name]), id: name }]),
);
