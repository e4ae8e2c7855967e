import { z } from 'zod';

/**
 * Every problem a client can meet. The name makes the stable `type` (`/problems/<name>`), which `GET /problems`
 * lists; a name that has been released keeps its meaning.
 */
export const problems = {
  'malformed-request': { status: 400, title: 'The request is not what this resource understands' },
  'faults-not-allowed': { status: 403, title: 'The system was not started with faults allowed' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'This resource has no such method' },
  'notification-not-parked': { status: 409, title: 'Only a parked notification can be retried' },
  'quarantine-entry-not-waiting': {
    status: 409,
    title: 'The entry in the quarantine is settled already',
  },
  'payload-too-large': { status: 413, title: 'The body is larger than 64 KiB' },
  'unsupported-media-type': { status: 415, title: 'The body has to be JSON' },
  'unknown-customer': { status: 422, title: 'There is no such customer' },
  'unknown-product': { status: 422, title: 'There is no such product' },
  'no-items': { status: 422, title: 'An order has at least one item' },
  'too-many-items': { status: 422, title: 'An order has at most 100 items' },
  'duplicate-product': { status: 422, title: 'A product can be ordered once per order, with a quantity' },
  'quantity-out-of-range': { status: 422, title: 'The quantity is out of range' },
  'amount-out-of-range': { status: 422, title: 'The amount is out of range' },
  'mixed-currencies': { status: 422, title: 'All products of an order have the same currency' },
  'total-too-large': { status: 422, title: 'The sum is more than can be counted exactly' },
  'other-currency': { status: 422, title: 'The wallet holds another currency' },
  'idempotency-key-reused': { status: 422, title: 'The key was used before, with another request' },
  'event-still-invalid': { status: 422, title: 'The signal is still no event that may be delivered' },
  'too-many-requests': { status: 429, title: 'There were too many requests from this address' },
  'too-many-streams': { status: 503, title: 'No more clients can follow the live feed at once' },
  'internal-error': { status: 500, title: 'Something is wrong on our side' },
  unavailable: {
    status: 503,
    title: 'A part of the system cannot be reached; the same request can be repeated',
  },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemName = keyof typeof problems;

export const problemNames = Object.keys(problems) as readonly ProblemName[];

export const isProblemName = (name: unknown): name is ProblemName =>
  typeof name === 'string' && Object.hasOwn(problems, name);

export const problemType = (name: ProblemName): string => `/problems/${name}`;

const detail = z.string();
const fieldError = z.union([
  z.strictObject({ pointer: z.string().meta({ description: 'JSON pointer into the body' }), detail }),
  z.strictObject({ parameter: z.string().meta({ description: 'of the path or the query' }), detail }),
  z.strictObject({ header: z.string(), detail }),
  z.strictObject({ field: z.string().meta({ description: 'of a quarantined event' }), detail }),
]);

/**
 * What is wrong with one field: where in the body (a JSON pointer), which parameter or header, or which field of a
 * quarantined event, as in `items[0].quantity`.
 */
export type FieldError = Readonly<z.infer<typeof fieldError>>;

/** RFC 9457. */
export const problemDocument = z
  .strictObject({
    type: z.string().meta({ description: 'an address that explains it; it never changes' }),
    title: z.string(),
    status: z.int(),
    detail,
    requestId: z.guid(),
    errors: z.array(fieldError).optional().meta({ description: 'what is wrong, field by field' }),
  })
  .meta({ id: 'Problem', description: 'What every answer from 400 on is (RFC 9457).' });

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log; a client does not see it. */
  readonly cause?: unknown;
}

/** An answer other than the one hoped for. Thrown by handlers; the error handler turns it into a problem document. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly problem: ProblemName;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    problem: ProblemName,
    detail: string,
    { errors = [], headers = {}, cause }: ProblemOptions = {},
  ) {
    super(detail, { cause });
    this.problem = problem;
    this.errors = errors;
    this.headers = headers;
  }
}

/** For what may work in a second. */
export const unavailable = (detail: string, cause?: unknown): Problem =>
  new Problem('unavailable', detail, { headers: { 'Retry-After': '1' }, cause });
