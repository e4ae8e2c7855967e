import type { FieldError, ProblemDocument } from './documents.js';

/** The API refused a request or, with status 0, could not be reached. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly document: ProblemDocument | undefined;
  /** When to repeat the request, in milliseconds; undefined if the API does not say. */
  readonly retryAfterMs: number | undefined;
  /** The request may have taken effect, but its answer was lost. */
  readonly isOutcomeUnknown: boolean;

  constructor(status: number, { document, retryAfterMs, isOutcomeUnknown = false }: ProblemDetails = {}) {
    super(document?.detail ?? document?.title ?? String(status));
    this.status = status;
    this.document = document;
    this.retryAfterMs = retryAfterMs;
    this.isOutcomeUnknown = isOutcomeUnknown || document?.type === '/problems/outcome-unknown';
  }

  /** The places of the errors: JSON pointers without `#`, and names of headers and parameters. */
  get places(): readonly string[] {
    return (this.document?.errors ?? []).flatMap((error) => placeOf(error) ?? []);
  }
}

interface ProblemDetails {
  readonly document?: ProblemDocument | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly isOutcomeUnknown?: boolean;
}

function placeOf(error: FieldError): string | undefined {
  if ('pointer' in error) return error.pointer.replace(/^#/, '');
  if ('header' in error) return error.header;
  return 'parameter' in error ? error.parameter : undefined;
}

export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem ? error : new ApiProblem(0);

export interface RequestOptions {
  readonly method?: 'POST' | 'PUT';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Sends a request to the API. Throws an ApiProblem unless it succeeds. */
export async function request<Body>(path: string, options: RequestOptions = {}): Promise<Body> {
  try {
    return await send(path, options);
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
    throw new ApiProblem(0, { isOutcomeUnknown: options.method !== undefined });
  }
}

/** Rejects with another error where no answer comes, or only a part of it. */
async function send<Body>(path: string, options: RequestOptions): Promise<Body> {
  const { method, body, headers = {}, signal } = options;
  const response = await fetch(path, {
    ...(method ? { method } : {}),
    ...(signal ? { signal } : {}),
    headers: { accept: 'application/json', ...(body === undefined ? {} : JSON_BODY), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.ok) return (await response.json()) as Body;
  const document = await readProblem(response);
  throw new ApiProblem(response.status, {
    document,
    retryAfterMs: retryAfter(response),
    // A proxy that gave up waiting does not know either.
    isOutcomeUnknown: method !== undefined && document === undefined && response.status >= 500,
  });
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? 1_000 * seconds : undefined;
}

const JSON_BODY = { 'content-type': 'application/json' };

async function readProblem(response: Response): Promise<ProblemDocument | undefined> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  return isProblem ? ((await response.json()) as ProblemDocument) : undefined;
}

/** Appends the query parameters that have a value. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | null | undefined>>,
): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
