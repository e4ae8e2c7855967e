import { z } from 'zod';
import { limits } from '../../schemas/limits.js';

/**
 * Every problem a client can meet. The name becomes the stable `type` (`/problems/<name>`), which `GET /problems`
 * lists. A released name keeps its meaning.
 */
export const problems = {
  'malformed-request': { status: 400, title: 'The request is malformed' },
  'faults-not-allowed': { status: 403, title: 'Faults are not allowed on this system' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'This resource does not support the method' },
  'notification-not-parked': { status: 409, title: 'Only a parked notification can be retried' },
  'quarantine-entry-not-waiting': {
    status: 409,
    title: 'The quarantine entry is already closed',
  },
  'orders-not-at-rest': { status: 409, title: 'Orders of the customer are not at rest' },
  'payload-too-large': { status: 413, title: `The body is larger than ${limits.body.max / 1_024} KiB` },
  'host-not-allowed': { status: 421, title: 'The API is not served under this name' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'unknown-customer': { status: 422, title: 'Unknown customer' },
  'unknown-product': { status: 422, title: 'Unknown product' },
  'no-items': { status: 422, title: 'An order needs at least one item' },
  'too-many-items': { status: 422, title: `An order can have at most ${limits.items.max} items` },
  'duplicate-product': { status: 422, title: 'An order can list each product only once' },
  'quantity-out-of-range': { status: 422, title: 'The quantity is out of range' },
  'amount-out-of-range': { status: 422, title: 'The amount is out of range' },
  'mixed-currencies': { status: 422, title: 'All products of an order must have the same currency' },
  'total-too-large': { status: 422, title: 'The sum is above its limit' },
  'other-currency': { status: 422, title: 'The wallet holds another currency' },
  'idempotency-key-reused': { status: 422, title: 'The key was already used for another request' },
  'event-still-invalid': { status: 422, title: 'The signal is still not a valid event' },
  'too-many-requests': { status: 429, title: 'Too many requests from this address' },
  'too-many-streams': { status: 503, title: 'The live feed has too many clients' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
  'outcome-unknown': { status: 503, title: 'It is not known whether the request took effect' },
  unavailable: {
    status: 503,
    title: 'Part of the system is unreachable; repeat the request later',
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
 * What is wrong with one field. The place is a JSON pointer into the body, a parameter, a header, or a field of a
 * quarantined event such as `items[0].quantity`.
 */
export type FieldError = Readonly<z.infer<typeof fieldError>>;

/** RFC 9457. */
export const problemDocument = z
  .strictObject({
    type: z.string().meta({ description: 'a stable address that explains the problem' }),
    title: z.string(),
    status: z.int(),
    detail,
    requestId: z.guid(),
    errors: z.array(fieldError).optional().meta({ description: 'what is wrong, field by field' }),
  })
  .meta({
    id: 'Problem',
    description: 'The body of every response with a status of 400 or above (RFC 9457).',
  });

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Logged, never sent. */
  readonly cause?: unknown;
}

/** Thrown by handlers; the error handler turns it into a problem document. */
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

/** For failures that a retry in a second may get past. */
export const unavailable = (detail: string, cause?: unknown): Problem =>
  new Problem('unavailable', detail, { headers: { 'Retry-After': '1' }, cause });

/** For a request with a key whose outcome is unknown: the repeat is safe, and finds out. */
export const outcomeUnknown = (detail: string, cause?: unknown): Problem =>
  new Problem('outcome-unknown', detail, { headers: { 'Retry-After': '1' }, cause });
