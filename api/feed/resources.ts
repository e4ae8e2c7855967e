import { z } from 'zod';
import type { Face } from '../http/router.js';
import { operation, type Answer } from '../http/operation.js';
import type { Feed } from './feed.js';
import { feedMessages } from './messages.js';

/** What happens to all orders, as it happens. */
export const feedFace = (feed: Feed): Face => ({
  name: 'Live feed',
  description: 'What happens to orders, as it happens, by Server-Sent Events.',
  resources: { '/events': { get: followAll(feed) } },
});

/** To come back after this message. */
export const lastEventId = z.object({
  'Last-Event-ID': z.string().optional().meta({ description: 'The id of the last message that arrived.' }),
});

const kinds = Object.entries(feedMessages).map(
  ([kind, { description = '' }]) => `\`${kind}\`: ${description}`,
);

export const streamAnswer = {
  description: `A stream of messages with an id, a kind and JSON data. ${kinds.join('; ')}.`,
  stream: true,
} as const satisfies Answer;

const followAll = (feed: Feed) =>
  operation({
    id: 'followOrders',
    summary: 'Tells what happens to all orders from now on, or after Last-Event-ID',
    headers: lastEventId,
    answers: { 200: streamAnswer },
    problems: ['too-many-streams'],
    handle: async ({ request, response }) => ({ status: 200, stream: await feed.open(request, response) }),
  });
