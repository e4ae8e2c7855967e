import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Answer, AnyReply, Caching, Operation, Streaming } from './operation.js';

/**
 * Sends what a handler has returned, checked by the schemas that its operation declares. One that breaks them is our
 * mistake, so it throws, and the client gets a 500.
 */
export async function sendReply(response: Response, operation: Operation, reply: AnyReply): Promise<void> {
  const declared = operation.answers[reply.status];
  if (!declared)
    throw new Error(`${operation.id} has answered with ${reply.status}, which it does not declare`);
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
  throw new Error(`the ${part} that ${operation.id} answers breaks its schema: ${places.join('; ')}`);
}

const present = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));

function sendBody(response: Response, { type }: Answer, body: unknown, caching: Caching | undefined): void {
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

/** Strong: the same bytes, or another tag. */
const etagOf = (text: string): string => `"${createHash('sha256').update(text).digest('base64url')}"`;

/**
 * Whether If-None-Match names this tag, compared weakly, as RFC 9110 has it. Express's own `fresh` says no as soon as the
 * request has Cache-Control: no-cache, and `fetch` adds that to every request with If-None-Match.
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
