import { z } from 'zod';
import { countUnreadable, findForgottenAt, listEvents } from '../../db/journal/event-view.js';
import { eventTypes } from '../../schemas/catalogue.js';
import { services } from '../../schemas/services.js';
import type { ApiDependencies } from '../dependencies.js';
import type { Feed } from '../feed/feed.js';
import { lastEventId, streamResponse } from '../feed/resources.js';
import * as field from '../http/fields.js';
import { isoTime } from '../http/iso-time.js';
import { operation } from '../http/operation.js';
import * as shown from '../http/response-fields.js';
import { existingOrder } from './get-order.js';

const publishedEvent = z
  .strictObject({
    eventId: shown.uuid,
    type: shown.openEnum(eventTypes),
    version: z.int().min(1),
    publisher: shown.openEnum(services),
    causationId: shown.uuid.nullable().meta({ description: 'the event that caused it; null for the first' }),
    occurredAt: shown.time,
    payload: z.looseObject({}).meta({ description: 'by the Avro schema of its type and version' }),
  })
  .meta({ id: 'Event' });

/** The events of an order, as a document or as a stream that begins with them and goes on live. */
export const getEvents = (deps: ApiDependencies, feed: Feed) =>
  operation({
    id: 'listEvents',
    summary: 'Shows the events published for an order, in journal order',
    description:
      'With `Accept: text/event-stream`: everything that happened to the order, from the beginning, and on live unless ' +
      '`follow` is `false`.',
    path: z.object({ orderId: field.orderId }),
    headers: lastEventId,
    query: z.strictObject({
      follow: z.enum(['true', 'false']).default('true').meta({
        description: 'Whether a stream goes on live, or ends once everything up to now is sent.',
      }),
    }),
    responses: {
      200: {
        description: `The events; or ${streamResponse.description}`,
        body: z.strictObject({
          events: z.array(publishedEvent),
          unreadable: z
            .int()
            .min(0)
            .meta({
              description:
                'How many entries of the journal are left out, since they are no events. Not 0: somebody other than ' +
                'the services has written to it.',
            }),
          forgottenAt: shown.time.nullable().meta({
            description:
              'When the events were forgotten, long after the order had come to rest; null while they are kept.',
          }),
        }),
        stream: true,
      },
    },
    problems: ['not-found', 'too-many-streams'],
    caching: 'private',
    handle: async ({ path, query: { follow }, request, response }) => {
      const { orderId } = await existingOrder(deps.pools.order, path.orderId);
      response.vary('Accept');
      if (request.accepts('json', 'text/event-stream') === 'text/event-stream')
        return {
          status: 200,
          stream: await feed.open(request, response, { orderId, isFinite: follow === 'false' }),
        };
      const [events, unreadable, forgottenAt] = await Promise.all([
        listEvents(deps.pools.order, orderId),
        countUnreadable(deps.pools.order, orderId),
        findForgottenAt(deps.pools.order, orderId),
      ]);
      const shownEvents = events.map((event) => ({ ...event, occurredAt: isoTime(event.occurredAt) }));
      const body = {
        events: shownEvents,
        unreadable,
        forgottenAt: forgottenAt === null ? null : isoTime(forgottenAt),
      };
      return { status: 200, body };
    },
  });
