import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ProblemName } from './problem.js';

/**
 * One method of one resource, declared once: what it takes, what it may answer, which problems it can meet. The
 * schemas that are said here check the request and the answer, and make the OpenAPI document.
 */
export interface Declaration<
  Path extends z.ZodObject,
  Query extends z.ZodObject,
  Headers extends z.ZodObject,
  Body extends z.ZodType,
  Possible extends Answers,
> {
  /** Unique in the API, a verb first; generated clients name their methods after it. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly path?: Path;
  readonly query?: Query;
  /** By the names that the document shows. */
  readonly headers?: Headers;
  readonly body?: Body;
  readonly answers: Possible;
  /** Those of its own; `problemsOf` adds what every operation of its kind can meet. */
  readonly problems?: readonly ProblemName[];
  /** How long an answer may be reused: `no-store` where nothing is said. */
  readonly caching?: Caching;
  readonly handle: (
    input: Input<Path, Query, Headers, Body>,
  ) => Promise<ReplyOf<NoInfer<Possible>>> | ReplyOf<NoInfer<Possible>>;
}

/** The possible answers but for problems, by status. */
export type Answers = Readonly<Record<number, Answer>>;

export interface Answer {
  readonly description: string;
  /** Every answer is checked by it; a strict one also refuses undeclared fields. */
  readonly body?: z.ZodType;
  /** The media type of a body that is not JSON but text. */
  readonly type?: string;
  readonly headers?: z.ZodObject;
  /** Whether it may be, or is without a `body`, a stream of server-sent events. */
  readonly stream?: true;
}

/** May be stored, but is asked for again by its ETag each time: by any cache, or only by the client's own. */
export type Caching = 'public' | 'private';

/** What the schemas have made of the request; empty, or undefined, where nothing is declared. */
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

/** What a handler returns: one of the answers that its operation declares. */
export type ReplyOf<Possible extends Answers> = {
  [Status in keyof Possible & number]: Reply<Status, Possible[Status]>;
}[keyof Possible & number];

type Reply<Status extends number, Declared extends Answer | undefined> = Declared extends Answer
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

/** Writes events for as long as somebody listens; status and headers have been sent. */
export type Streaming = (response: Response) => Promise<void> | void;

type Immutable<T> = T extends readonly (infer Entry)[]
  ? readonly Immutable<Entry>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

type Nothing = z.ZodObject<Record<string, never>>;

/** An operation of any shape. */
export interface Operation extends Omit<
  Declaration<z.ZodObject, z.ZodObject, z.ZodObject, z.ZodType, Answers>,
  'handle'
> {
  readonly handle: (input: never) => Promise<AnyReply> | AnyReply;
}

/** Any of the answers that can be declared. */
export interface AnyReply {
  readonly status: number;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly stream?: Streaming | undefined;
}

/** Lets the handler's input and answers be inferred from the schemas. */
export const operation = <
  const Possible extends Answers,
  Path extends z.ZodObject = Nothing,
  Query extends z.ZodObject = Nothing,
  Headers extends z.ZodObject = Nothing,
  Body extends z.ZodType = z.ZodUndefined,
>(
  declared: Declaration<Path, Query, Headers, Body, Possible>,
): Operation => declared;

/** All problems that an operation can meet. */
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
