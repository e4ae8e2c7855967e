import { z } from 'zod';
import { listEvents } from '../../db/journal/event-view.js';
import { eventTypes } from '../../schemas/catalogue.js';
import { services } from '../../schemas/services.js';
import { knownOrder } from './find-order.js';
import * as shown from '../http/response-fields.js';
import type { ApiDependencies } from '../dependencies.js';
import { lastEventId, streamAnswer } from '../feed/resources.js';
import type { Feed } from '../feed/feed.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { timeJson } from './order-document.js';

const publishedEvent = z
  .strictObject({
    eventId: shown.uuid,
    type: z.enum(eventTypes),
    version: z.int().min(1),
    publisher: z.enum(services),
    causationId: shown.uuid.nullable().meta({ description: 'the event that caused it; null for the first' }),
    occurredAt: shown.time,
    payload: z.looseObject({}).meta({ description: 'as the Avro schema of its type and version says' }),
  })
  .meta({ id: 'Event' });

/** What was published for an order; to those who ask for `text/event-stream`, its whole story, and then as it goes on. */
export const showEvents = (deps: ApiDependencies, feed: Feed) =>
  operation({
    id: 'listEvents',
    summary: 'Shows what was published for an order, in the journal’s order',
    description:
      'With `Accept: text/event-stream` it is the whole story of the order from its beginning, and then live.',
    path: z.object({ orderId: field.orderId }),
    headers: lastEventId,
    answers: {
      200: {
        description: `The events; or ${streamAnswer.description}`,
        body: z.strictObject({ events: z.array(publishedEvent) }),
        stream: true,
      },
    },
    problems: ['not-found', 'too-many-streams'],
    caching: 'private',
    handle: async ({ path, request, response }) => {
      const { orderId } = await knownOrder(deps, path.orderId);
      response.vary('Accept');
      if (request.accepts('json', 'text/event-stream') === 'text/event-stream')
        return { status: 200, stream: await feed.open(request, response, orderId) };
      const events = await listEvents(deps.pools.order, orderId);
      const shown = events.map((event) => ({ ...event, occurredAt: timeJson(event.occurredAt) }));
      return { status: 200, body: { events: shown } };
    },
  });
