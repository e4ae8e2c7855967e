import { z } from 'zod';
import type { ResourceGroup } from '../http/router.js';
import { operation, type DeclaredResponse } from '../http/operation.js';
import type { Feed } from './feed.js';
import { feedMessages } from './messages.js';

export const feedResources = (feed: Feed): ResourceGroup => ({
  name: 'Live feed',
  description: 'Everything that happens to orders, live, as Server-Sent Events.',
  resources: { '/events': { get: getAllEvents(feed) } },
});

/** Resumes after this message. */
export const lastEventId = z.object({
  'Last-Event-ID': z.string().optional().meta({ description: 'The id of the last message received.' }),
});

const kinds = Object.entries(feedMessages).map(
  ([kind, { description = '' }]) => `\`${kind}\`: ${description}`,
);

export const streamResponse = {
  description: `A stream of messages with an id, a kind and JSON data. ${kinds.join('; ')}.`,
  stream: true,
} as const satisfies DeclaredResponse;

const getAllEvents = (feed: Feed) =>
  operation({
    id: 'followOrders',
    summary: 'Streams what happens to all orders, from now on or after Last-Event-ID',
    headers: lastEventId,
    responses: { 200: streamResponse },
    problems: ['too-many-streams'],
    handle: async ({ request, response }) => ({ status: 200, stream: await feed.open(request, response) }),
  });
