import type { ErrorRequestHandler, Response } from 'express';
import type { z } from 'zod';
import { isReadOnly } from '../../core/postgres/sql-state.js';
import { limits } from '../../schemas/limits.js';
import { OutcomeUnknown } from '../../core/postgres/transaction.js';
import {
  outcomeUnknown,
  Problem,
  problems,
  problemType,
  unavailable,
  type problemDocument,
  type ProblemName,
} from './problem.js';
import { requestIdOf } from './request-log.js';
import { isUnavailable } from './unavailable.js';

/** The only place that makes problem documents (RFC 9457). The text of an unexpected error never reaches a client. */
export const errorHandler: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const problem = toProblem(error);
  const { status } = problems[problem.problem];
  if (status >= 500) request.log[status === 503 ? 'warn' : 'error']({ err: error }, problem.message);
  send(response, problem, requestIdOf(request));
};

function send(response: Response, problem: Problem, requestId: string): void {
  const { status, title } = problems[problem.problem];
  const type = problemType(problem.problem);
  const errors = problem.errors.length === 0 ? {} : { errors: [...problem.errors] };
  const { message: detail } = problem;
  const document: z.infer<typeof problemDocument> = { type, title, status, detail, requestId, ...errors };
  response
    .status(status)
    .set(problem.headers)
    .type('application/problem+json')
    .send(JSON.stringify(document));
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isReadOnly(error)) return unavailable('the database takes no changes at the moment', error);
  if (error instanceof OutcomeUnknown)
    return outcomeUnknown('repeat the request with the same Idempotency-Key to find out', error);
  if (isUnavailable(error)) return unavailable('the database or Temporal cannot be reached', error);
  const { type, status } = (error ?? {}) as { readonly type?: unknown; readonly status?: unknown };
  const known = bodyProblems.get(String(type));
  if (known) return new Problem(known.problem, known.detail);
  // Express and its body parser blame the client, for example for a path that cannot be decoded.
  if (status === 400) return new Problem('malformed-request', 'the request cannot be read');
  return new Problem('internal-error', 'the request failed; look for its id in the log');
}

/** By the `type` of the body parser's errors. */
const bodyProblems: ReadonlyMap<string, { readonly problem: ProblemName; readonly detail: string }> = new Map(
  [
    [
      'entity.too.large',
      { problem: 'payload-too-large', detail: `the limit is ${limits.body.max / 1_024} KiB` },
    ],
    ['entity.parse.failed', { problem: 'malformed-request', detail: 'the body is not a JSON object' }],
    ['encoding.unsupported', { problem: 'unsupported-media-type', detail: 'unknown content encoding' }],
    ['charset.unsupported', { problem: 'unsupported-media-type', detail: 'unknown charset; JSON is UTF-8' }],
  ],
);
