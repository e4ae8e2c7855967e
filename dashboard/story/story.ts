import type { FeedData } from '../api/documents.js';
import type { FeedMessage } from '../feed/messages.js';
import { millis } from './time.js';

/** Everything that the feed has said about one order, without repeats. */
export interface Story {
  readonly placed: FeedData['placed'] | undefined;
  readonly statuses: readonly FeedData['status'][];
  readonly events: readonly FeedData['published'][];
  /** When the last subscriber had received the event, by event id. */
  readonly deliveries: ReadonlyMap<string, number>;
  readonly drops: readonly FeedData['dropped'][];
  readonly quarantined: readonly FeedData['quarantined'][];
  readonly attention: readonly FeedData['attention'][];
  readonly attempts: readonly FeedData['attempt'][];
  readonly notifications: readonly FeedData['notification'][];
  readonly operators: readonly FeedData['operator'][];
}

export const emptyStory: Story = {
  placed: undefined,
  statuses: [],
  events: [],
  deliveries: new Map(),
  drops: [],
  quarantined: [],
  attention: [],
  attempts: [],
  notifications: [],
  operators: [],
};

/** Adds a message. A repeat, as after a reconnect, changes nothing. */
export function addMessage(story: Story, { kind, data }: FeedMessage): Story {
  switch (kind) {
    case 'placed':
      return { ...story, placed: data };
    case 'status':
      return { ...story, statuses: put(story.statuses, data, (one) => `${one.status} ${one.at}`) };
    case 'published':
      return { ...story, events: put(story.events, data, (one) => one.eventId) };
    case 'delivered':
      return { ...story, deliveries: new Map(story.deliveries).set(data.eventId, millis(data.at)) };
    case 'dropped':
      return { ...story, drops: put(story.drops, data, dropKey) };
    case 'quarantined':
      return { ...story, quarantined: put(story.quarantined, data, (one) => one.id) };
    case 'attention':
      return { ...story, attention: put(story.attention, data, (one) => one.code) };
    case 'attempt':
      return { ...story, attempts: put(story.attempts, data, attemptKey) };
    case 'notification':
      return { ...story, notifications: put(story.notifications, data, (one) => `${one.status} ${one.at}`) };
    case 'operator':
      return { ...story, operators: put(story.operators, data, (one) => `${one.action} ${one.at}`) };
  }
}

export const storyOf = (messages: readonly FeedMessage[]): Story => messages.reduce(addMessage, emptyStory);

export const dropKey = (drop: FeedData['dropped']): string => `${drop.service} ${drop.eventId} ${drop.why}`;

export const attemptKey = ({ round, number }: FeedData['attempt']): string => `${round}.${number}`;

/** Replaces the entry with the same key, or appends it. */
function put<Entry>(
  entries: readonly Entry[],
  entry: Entry,
  keyOf: (entry: Entry) => string | number,
): readonly Entry[] {
  const index = entries.findIndex((one) => keyOf(one) === keyOf(entry));
  return index < 0 ? [...entries, entry] : entries.with(index, entry);
}
