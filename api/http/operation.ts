import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ProblemName } from './problem.js';

/**
 * One method of one resource, declared once: what it accepts, which responses and which problems it can give. The
 * schemas here check the request and the response, and produce the OpenAPI document.
 */
export interface Declaration<
  Path extends z.ZodObject,
  Query extends z.ZodObject,
  Headers extends z.ZodObject,
  Body extends z.ZodType,
  Possible extends Responses,
> {
  /** Unique, verb first: generated clients name their methods after it. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly path?: Path;
  readonly query?: Query;
  /** Spelled as in the document. */
  readonly headers?: Headers;
  readonly body?: Body;
  readonly responses: Possible;
  /** Its own problems; `problemsOf` adds those that every operation of its kind shares. */
  readonly problems?: readonly ProblemName[];
  /** Who may cache the response; `no-store` if not given. */
  readonly caching?: Caching;
  readonly handle: (
    input: Input<Path, Query, Headers, Body>,
  ) => Promise<ReplyOf<NoInfer<Possible>>> | ReplyOf<NoInfer<Possible>>;
}

/** The declared responses by status; problems are declared apart. */
export type Responses = Readonly<Record<number, DeclaredResponse>>;

export interface DeclaredResponse {
  readonly description: string;
  /** Checks every body that is sent; a strict object also rejects undeclared fields. */
  readonly body?: z.ZodType;
  /** The media type of a body that is text rather than JSON. */
  readonly type?: string;
  readonly headers?: z.ZodObject;
  /** A stream of server-sent events: the only form without a `body`, an alternative with one. */
  readonly stream?: true;
}

/** Any cache (`public`) or only the client's own (`private`) may store it, and revalidates it by ETag each time. */
export type Caching = 'public' | 'private';

/** The request as the schemas parsed it; a part that is not declared is empty or undefined. */
export interface Input<
  Path extends z.ZodType,
  Query extends z.ZodType,
  Headers extends z.ZodType,
  Body extends z.ZodType,
> {
  readonly path: z.output<Path>;
  readonly query: z.output<Query>;
  readonly headers: z.output<Headers>;
  readonly body: z.output<Body>;
  readonly request: Request;
  readonly response: Response;
}

/** What a handler returns: one of the responses its operation declares. */
export type ReplyOf<Possible extends Responses> = {
  [Status in keyof Possible & number]: Reply<Status, Possible[Status]>;
}[keyof Possible & number];

type Reply<
  Status extends number,
  Declared extends DeclaredResponse | undefined,
> = Declared extends DeclaredResponse
  ? { readonly status: Status } & HeadersOf<Declared['headers']> &
      (BodyOf<Declared['body']> | StreamOf<Declared['stream']>)
  : never;

type HeadersOf<Headers> = Headers extends z.ZodObject
  ? { readonly headers: z.input<Headers> }
  : { readonly headers?: undefined };

type BodyOf<Body> = Body extends z.ZodType
  ? { readonly body: Immutable<z.input<Body>>; readonly stream?: undefined }
  : never;

type StreamOf<Stream> = Stream extends true
  ? { readonly stream: Streaming; readonly body?: undefined }
  : never;

/** Writes events until the client leaves. Status and headers have been sent by then. */
export type Streaming = (response: Response) => Promise<void> | void;

type Immutable<T> = T extends readonly (infer Entry)[]
  ? readonly Immutable<Entry>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

type Nothing = z.ZodObject<Record<string, never>>;

/** An operation of any shape. */
export interface Operation extends Omit<
  Declaration<z.ZodObject, z.ZodObject, z.ZodObject, z.ZodType, Responses>,
  'handle'
> {
  readonly handle: (input: never) => Promise<AnyReply> | AnyReply;
}

/** A reply of any shape. */
export interface AnyReply {
  readonly status: number;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly stream?: Streaming | undefined;
}

/** Infers the handler's input and reply from the schemas. */
export const operation = <
  const Possible extends Responses,
  Path extends z.ZodObject = Nothing,
  Query extends z.ZodObject = Nothing,
  Headers extends z.ZodObject = Nothing,
  Body extends z.ZodType = z.ZodUndefined,
>(
  declared: Declaration<Path, Query, Headers, Body, Possible>,
): Operation => declared;

/** Every problem an operation can respond with. */
export function problemsOf(declared: Operation): readonly ProblemName[] {
  const { path, query, headers, body, problems = [] } = declared;
  const isGiven = [path, query, headers, body].some((schema) => schema !== undefined);
  return [
    ...(isGiven ? (['malformed-request'] as const) : []),
    ...(body ? (['payload-too-large', 'unsupported-media-type'] as const) : []),
    ...problems,
    'too-many-requests',
    'internal-error',
    'unavailable',
  ];
}
