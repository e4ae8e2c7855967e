import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { AnyReply, Caching, DeclaredResponse, Operation, Streaming } from './operation.js';

/**
 * Checks what a handler returned against the schemas of its operation, and sends it. A reply that breaks them is a bug
 * of ours: it throws, and the client gets a 500.
 */
export async function sendReply(response: Response, operation: Operation, reply: AnyReply): Promise<void> {
  const declared = operation.responses[reply.status];
  if (!declared) throw new Error(`${operation.id} replied with ${reply.status}, which it does not declare`);
  const headers = declared.headers && check(operation, 'headers', declared.headers, reply.headers);
  const body = declared.body && !reply.stream && check(operation, 'body', declared.body, reply.body);
  response.status(reply.status).set(present(headers ?? {}));
  if (reply.stream) await sendStream(response, reply.stream);
  else sendBody(response, declared, body, operation.caching);
}

function check(operation: Operation, part: string, schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const places = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`the reply of ${operation.id} breaks the schema of its ${part}: ${places.join('; ')}`);
}

const present = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));

function sendBody(
  response: Response,
  { type }: DeclaredResponse,
  body: unknown,
  caching: Caching | undefined,
): void {
  const text = type === undefined ? JSON.stringify(body) : String(body);
  if (caching) {
    const etag = etagOf(text);
    response.set({ ETag: etag, 'Cache-Control': caching === 'public' ? 'no-cache' : 'private, no-cache' });
    if (isKnown(response.req, etag)) {
      response.status(304).end();
      return;
    }
  }
  response.type(type ?? 'json').send(text);
}

/** A strong tag: equal tags mean equal bytes. */
const etagOf = (text: string): string => `"${createHash('sha256').update(text).digest('base64url')}"`;

/**
 * Whether If-None-Match names this tag, by RFC 9110's weak comparison. Express's own `fresh` is false whenever the
 * request has Cache-Control: no-cache, which `fetch` adds to every request with If-None-Match.
 */
function isKnown(request: Request, etag: string): boolean {
  const known = request.get('If-None-Match') ?? '';
  return known.trim() === '*' || known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

async function sendStream(response: Response, stream: Streaming): Promise<void> {
  response.type('text/event-stream').flushHeaders();
  if (response.req.method === 'HEAD') response.end();
  else await stream(response);
}
