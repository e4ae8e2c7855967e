import { z } from 'zod';
import { docsPage } from './docs-page.js';
import { feedDocument } from '../feed/messages.js';
import type { ResourceGroup } from '../http/router.js';
import { describeApi } from '../http/openapi.js';
import { operation } from '../http/operation.js';

/** Adds the documentation, which describes itself as well. */
export function withDocumentation(groups: readonly ResourceGroup[]): readonly ResourceGroup[] {
  const all = [...groups, documentationResources(() => document)];
  const document = documentOf(all);
  return all;
}

/** The OpenAPI document of these resources. */
export const documentOf = (groups: readonly ResourceGroup[]) =>
  describeApi(groups, {
    title: 'Order saga',
    version: '0.1.0',
    description: conventions,
    schemas: { FeedMessages: feedDocument },
  });

const documentationResources = (document: () => object): ResourceGroup => ({
  name: 'Documentation',
  description: 'This document, as JSON and as a page.',
  resources: { '/openapi.json': { get: getDocument(document) }, '/docs': { get: getPage } },
});

const getDocument = (document: () => object) =>
  operation({
    id: 'showDocument',
    summary: 'Shows the OpenAPI document of the API',
    responses: {
      200: { description: 'An OpenAPI 3.1 document', body: z.looseObject({ openapi: z.string() }) },
    },
    caching: 'public',
    handle: () => ({ status: 200, body: document() as { openapi: string } }),
  });

const getPage = operation({
  id: 'showDocs',
  summary: 'Shows the document as a page, to read and try out',
  responses: { 200: { description: 'The page', type: 'text/html', body: z.string() } },
  caching: 'public',
  handle: () => ({ status: 200, body: docsPage }),
});

const conventions = `
The API of a choreographed saga: four services that sell things together, with no coordinator.

- **No authentication yet.** Anyone who can reach the API can do all of this, so it listens on 127.0.0.1 unless \`API_HOST\`
  says otherwise. An \`Operator\` is recorded as claimed.
- **Problems.** Every response from 400 on is \`application/problem+json\` (RFC 9457) with a stable \`type\`, the address of
  its explanation. \`errors\` names each bad field. A malformed request gets a 400, one that breaks a business rule a 422,
  and a method that the resource does not support a 405 with \`Allow\`.
- **Retries.** After a 503, a 429 or a lost response, send the same request again, after \`Retry-After\` seconds if given.
  Under the same \`Idempotency-Key\` it takes effect once, and the response says \`Idempotent-Replayed: true\`. An order
  without a key may have been placed: look for it first.
- **Newer names.** During a rolling release, services may write event types, states or reasons that this API does not know
  yet. They are shown as they are: \`x-extensible-enum\` lists the names known so far, and clients must expect others.
- **Lists** are paged: \`limit\` sets the length of a page, \`cursor\` takes the \`nextCursor\` of the previous one.
- **Caching.** A response with an \`ETag\` may be stored and revalidated with \`If-None-Match\`: 304 if nothing has changed.
  All others must not be stored.
- **HEAD** works wherever GET does. **OPTIONS** lists the methods.
- **Limits.** \`RateLimit\` and \`RateLimit-Policy\` tell how many requests are left; beyond that there is a 429.
- **Money** is an integer in the smallest unit of its currency; **times** are RFC 3339 in UTC.
`.trim();
