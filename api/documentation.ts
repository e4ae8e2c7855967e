import { z } from 'zod';
import { docsPage } from './docs-page.js';
import { feedDocument } from './feed/messages.js';
import type { Face } from './http/face.js';
import { describeApi } from './http/openapi.js';
import { operation } from './http/operation.js';

/** All that the API offers, and the documents about it, which describe themselves as well. */
export function withDocumentation(faces: readonly Face[]): readonly Face[] {
  const all = [...faces, documentationFace(() => document)];
  const document = documentOf(all);
  return all;
}

/** The OpenAPI document of these. */
export const documentOf = (faces: readonly Face[]) =>
  describeApi(faces, {
    title: 'Order saga',
    version: '0.1.0',
    description: conventions,
    schemas: { FeedMessages: feedDocument },
  });

const documentationFace = (document: () => object): Face => ({
  name: 'Documentation',
  description: 'This document, and a page to read it.',
  resources: { '/openapi.json': { get: showDocument(document) }, '/docs': { get: showPage } },
});

const showDocument = (document: () => object) =>
  operation({
    id: 'showDocument',
    summary: 'Shows the OpenAPI document of the API',
    answers: {
      200: { description: 'An OpenAPI 3.1 document', body: z.looseObject({ openapi: z.string() }) },
    },
    caching: 'public',
    handle: () => ({ status: 200, body: document() as { openapi: string } }),
  });

const showPage = operation({
  id: 'showDocs',
  summary: 'Shows the document as a page, to read and to try',
  answers: { 200: { description: 'The page', type: 'text/html', body: z.string() } },
  caching: 'public',
  handle: () => ({ status: 200, body: docsPage }),
});

const conventions = `
The HTTP face of a choreographed saga: four services that sell things together, and nobody is in charge.

- **No authentication yet.** Who can reach the API may do all of this, so it listens on 127.0.0.1 unless \`API_HOST\` says
  otherwise. An \`Operator\` is recorded as claimed.
- **Problems.** Every answer from 400 on is \`application/problem+json\` (RFC 9457) with a stable \`type\`, which is an
  address that explains it. \`errors\` names each bad field. A malformed request is a 400, one that breaks a rule of the
  business a 422. A method that a resource does not have is a 405, with \`Allow\`.
- **Repeating.** After a 503, a 429 or a lost answer the same request can be sent again, after \`Retry-After\` seconds. Under
  the same \`Idempotency-Key\` it happens once, and the answer says \`Idempotent-Replayed: true\`.
- **Lists** come in pages: \`limit\` says how long, \`cursor\` takes the \`nextCursor\` of the page before.
- **Caching.** What has an \`ETag\` may be kept, and asked for again with \`If-None-Match\`: 304 when nothing has changed. All
  else is not to be stored.
- **HEAD** works wherever GET does. **OPTIONS** tells the methods.
- **Limits.** \`RateLimit\` and \`RateLimit-Policy\` tell how many requests are left; beyond them there is a 429.
- **Money** is an integer in the smallest unit of its currency; **times** are RFC 3339 in UTC.
`.trim();
