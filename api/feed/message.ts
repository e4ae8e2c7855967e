import type { FeedEntry } from '../../db/feed/entries.js';
import { choreography, isEventType, type EventType } from '../../schemas/catalogue.js';
import { subscribersOf } from '../../core/choreography.js';
import type { EntryId, OrderId } from '../../schemas/ids.js';
import type { FeedKind } from './messages.js';

/** An entry of the feed in the form in which every stream gets it. */
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

/** JSON has no line breaks of its own, so it is one line of data. */
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

/** An event that a newer version has published, and this one does not know, is shown without subscribers. */
function withSubscribers({ causeType, ...data }: PublishedData) {
  const { type } = data;
  return { ...data, subscribers: isEventType(type) ? subscribersOf(choreography, type, causeType) : [] };
}
