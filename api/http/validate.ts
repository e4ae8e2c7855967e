import type { Request } from 'express';
import { z } from 'zod';
import type { Operation } from './operation.js';
import { isProblemName, Problem, type FieldError, type ProblemName } from './problem.js';
import { messageOf } from './validation-messages.js';

/** Marks a business rule: breaking it is a 422 with this problem, while a wrong shape is a 400. */
export const breaks = (problem: ProblemName, message: string) => ({ message, params: { problem } });

/** The request as the operation's schemas parse it. Throws a Problem about the first part that is wrong. */
export function readInput(request: Request, { path, query, headers, body }: Operation) {
  return {
    path: path ? readParameters(request.params, path) : {},
    query: query ? readParameters(request.query, query) : {},
    body: body && readBody(request, body),
    headers: headers ? readHeaders(request, headers) : {},
  };
}

const readHeaders = (request: Request, schema: z.ZodObject) =>
  check(
    schema,
    Object.fromEntries(Object.keys(schema.shape).map((name) => [name, request.get(name)])),
    ([name]) => ({ header: String(name) }),
  );

/** The JSON body as the schema parses it. Throws a Problem: 415, 400 with every bad field, or 422. */
function readBody<Schema extends z.ZodType>(request: Request, schema: Schema): z.infer<Schema> {
  const body: unknown = request.body;
  if (body === undefined && hasBody(request))
    throw new Problem('unsupported-media-type', 'expected Content-Type: application/json');
  return check(schema, body, (path) => ({ pointer: `#${path.map(toPointer).join('')}` }));
}

/** The parameters of the path or of the query. */
const readParameters = <Schema extends z.ZodType>(values: unknown, schema: Schema): z.infer<Schema> =>
  check(schema, values, ([name]) => ({ parameter: String(name) }));

type Path = readonly PropertyKey[];
type Place = { readonly pointer: string } | { readonly parameter: string } | { readonly header: string };

function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: (path: Path) => Place,
): z.infer<Schema> {
  const result = schema.safeParse(value, { error: messageOf, reportInput: true });
  if (result.success) return result.data;
  const findings = result.error.issues.flatMap((issue) => findingsOf(issue, place));
  const malformed = findings.filter(({ problem }) => problem === 'malformed-request');
  const shown = malformed.length > 0 ? malformed : findings;
  const problem = shown[0]?.problem ?? 'malformed-request';
  const errors = shown.slice(0, MAX_ERRORS).map(({ error }) => error);
  throw new Problem(problem, errors.map(describe).join('; '), { errors });
}

const MAX_ERRORS = 100;

interface Finding {
  readonly problem: ProblemName;
  readonly error: FieldError;
}

/** An undeclared field is reported at its own place. */
function findingsOf(issue: z.core.$ZodIssue, place: (path: Path) => Place): readonly Finding[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const where = place([...issue.path, key]);
      const detail = 'parameter' in where ? 'unknown parameter' : 'unknown field';
      return { problem: 'malformed-request', error: { ...where, detail } };
    });
  const rule: unknown = issue.code === 'custom' ? issue.params?.['problem'] : undefined;
  const problem = isProblemName(rule) ? rule : 'malformed-request';
  const detail = issue.input === undefined ? `missing, ${issue.message}` : issue.message;
  return [{ problem, error: { ...place(issue.path), detail } }];
}

const describe = ({ detail, ...place }: FieldError): string => `${Object.values(place).join('')}: ${detail}`;

/** RFC 6901. */
const toPointer = (key: PropertyKey): string => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

const hasBody = (request: Request): boolean =>
  request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
