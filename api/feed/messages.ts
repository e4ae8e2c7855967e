import { z } from 'zod';
import { limits } from '../../schemas/limits.js';
import { attentionCodes, orderStatuses } from '../../schemas/order-status.js';
import { services } from '../../schemas/services.js';
import { bounded, openEnum } from '../http/response-fields.js';

const time = z.iso.datetime({ precision: 3 }).meta({ description: 'RFC 3339, in UTC with milliseconds' });
const orderId = z.guid();
const eventId = z.guid();
const service = openEnum(services);
const money = z.strictObject({ amount: bounded(limits.total), currency: z.string() });

/** The `data` of each kind of message in the live feed; the kind is the `event` of the message. */
export const feedMessages = {
  placed: z
    .strictObject({
      orderId,
      customerId: z.string(),
      items: z.array(
        z.strictObject({ sku: z.string(), quantity: bounded(limits.quantity), unitPrice: money }),
      ),
      total: money,
      at: time,
      paymentDueAt: time,
      sagaDueAt: time,
    })
    .meta({ description: 'An order was stored' }),
  status: z
    .strictObject({
      orderId,
      status: openEnum(orderStatuses),
      reason: z.string().nullable(),
      at: time,
      eventId: eventId.nullable(),
    })
    .meta({ description: 'An order has reached a state; `eventId` is the consumed event, null for a timer' }),
  published: z
    .strictObject({
      orderId,
      eventId,
      type: z.string(),
      version: z.int(),
      publisher: service,
      subscribers: z.array(service),
      causationId: eventId.nullable(),
      occurredAt: time,
      payload: z.record(z.string(), z.unknown()),
    })
    .meta({ description: 'A service has published an event' }),
  delivered: z
    .strictObject({ orderId, eventId, at: time })
    .meta({ description: 'All subscribers have received an event' }),
  dropped: z
    .strictObject({
      orderId,
      service,
      eventId,
      why: openEnum(['REPEAT', 'NO_EFFECT']),
      seen: z.int().min(1),
      at: time,
    })
    .meta({
      description: 'An event changed nothing; `seen` counts repeats within one run of the participant',
    }),
  quarantined: z
    .strictObject({
      orderId,
      service,
      id: z.int(),
      signalName: z.string(),
      reason: z.string(),
      seen: z.int().min(1),
      at: time,
    })
    .meta({ description: 'A participant has refused a signal' }),
  attention: z
    .strictObject({ orderId, code: openEnum(attentionCodes), since: time, clearedAt: time.nullable() })
    .meta({ description: 'An order needs a person, or no longer does' }),
  attempt: z
    .strictObject({
      orderId,
      round: z.int().min(1),
      number: z.int().min(1),
      begunAt: time,
      endedAt: time.nullable(),
      fate: openEnum(['ACCEPTED', 'REFUSED', 'UNKNOWN']).nullable(),
    })
    .meta({ description: 'An attempt to tell the customer has begun, or has ended' }),
  notification: z
    .strictObject({ orderId, status: openEnum(['SENDING', 'SENT', 'FAILED', 'REVOKED']), at: time })
    .meta({ description: 'How far telling the customer has come' }),
  operator: z
    .strictObject({ orderId, operator: z.string(), action: z.string(), outcome: z.string(), at: time })
    .meta({ description: 'An operator has made a request' }),
  behind: z
    .strictObject({ since: time.nullable() })
    .meta({ description: 'Messages wait for an open transaction since then; null once they have come' }),
  reset: z.strictObject({}).meta({
    description: 'The given Last-Event-ID is unknown, or entries after it are forgotten: reload everything',
  }),
} as const satisfies Readonly<Record<string, z.ZodType>>;

/** All of them as one schema, which the OpenAPI document shows. */
export const feedDocument = z
  .strictObject(feedMessages)
  .meta({ description: 'The messages of the live feed: the `data` of each, by its `event`.' });

export type FeedKind = keyof typeof feedMessages;
export type FeedData<Kind extends FeedKind> = z.infer<(typeof feedMessages)[Kind]>;
