import type { FeedEntry } from '../../db/feed/entries.js';
import { choreography, isEventType, type EventType } from '../../schemas/catalogue.js';
import { subscribersOf } from '../../core/choreography.js';
import type { EntryId, OrderId } from '../../schemas/ids.js';
import type { FeedKind } from './messages.js';

/** A feed entry as it is sent to every stream. */
export interface Message {
  readonly id: EntryId;
  readonly orderId: OrderId;
  readonly text: string;
}

export const toMessage = (entry: FeedEntry): Message => ({
  id: entry.id,
  orderId: entry.orderId,
  text: `id: ${entry.id}\n${messageText(entry.kind as FeedKind, dataOf(entry))}`,
});

/** JSON.stringify emits no line breaks, so the data is one line. */
export const messageText = (kind: FeedKind, data: unknown): string =>
  `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;

function dataOf({ kind, data }: FeedEntry): unknown {
  return kind === 'published' ? withSubscribers(data as PublishedData) : data;
}

interface PublishedData {
  readonly type: string;
  readonly causeType: EventType | null;
  readonly publisher: string;
}

/** An event type that only a newer release knows is shown without subscribers. */
function withSubscribers({ causeType, ...data }: PublishedData) {
  const { type } = data;
  return { ...data, subscribers: isEventType(type) ? subscribersOf(choreography, type, causeType) : [] };
}
