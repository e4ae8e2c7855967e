import type { Service } from '../../schemas/services.js';
import type { FeedData } from '../api/documents.js';
import { attemptKey, dropKey, type Story } from './story.js';
import { millis } from './time.js';

/** One thing to draw in the diagram, on the lane of the service it happened to. */
export type Mark = { readonly key: string; readonly at: number; readonly lane: Service } & (
  | {
      readonly kind: 'event';
      readonly event: FeedData['published'];
      readonly tone: Tone;
      /** Null until every subscriber has it. */
      readonly deliveredAt: number | null;
    }
  | { readonly kind: 'status'; readonly entry: FeedData['status'] }
  | { readonly kind: 'attempt'; readonly attempt: FeedData['attempt'] }
  | { readonly kind: 'parked' | 'revoked' }
  | { readonly kind: 'drop'; readonly drop: FeedData['dropped'] }
  | { readonly kind: 'quarantined'; readonly signal: FeedData['quarantined'] }
  | { readonly kind: 'attention'; readonly attention: FeedData['attention'] }
  | { readonly kind: 'operator'; readonly operator: FeedData['operator'] }
);

export type EventMark = Mark & { readonly kind: 'event' };

/** What an event means for the order: it goes on, something failed, or something is undone. */
export type Tone = 'forward' | 'failure' | 'compensation';

/** Goes by the name, so a new event needs no entry here. */
export function toneOf(type: string): Tone {
  if (/(Failed|Declined|Rejected|Refused)/.test(type)) return 'failure';
  return /(Cancelled|Refunded|Released|Reverted)/.test(type) ? 'compensation' : 'forward';
}

/** Everything that happened, in order of time. */
export function marksOf(story: Story): readonly Mark[] {
  const marks: readonly Mark[] = [
    ...story.statuses.map(statusMark),
    ...story.events.map((event) => eventMark(event, story.deliveries.get(event.eventId) ?? null)),
    ...story.attempts.map(attemptMark),
    ...story.notifications.flatMap(notificationMark),
    ...story.drops.map(dropMark),
    ...story.quarantined.map(quarantineMark),
    ...story.attention.map(attentionMark),
    ...story.operators.map(operatorMark),
  ];
  return marks.toSorted((one, other) => one.at - other.at);
}

const statusMark = (entry: FeedData['status']): Mark => ({
  kind: 'status',
  key: `status ${entry.status} ${entry.at}`,
  at: millis(entry.at),
  lane: 'order',
  entry,
});

const eventMark = (event: FeedData['published'], deliveredAt: number | null): Mark => ({
  kind: 'event',
  key: event.eventId,
  at: millis(event.occurredAt),
  lane: event.publisher,
  event,
  tone: toneOf(event.type),
  deliveredAt,
});

const attemptMark = (attempt: FeedData['attempt']): Mark => ({
  kind: 'attempt',
  key: `attempt ${attemptKey(attempt)}`,
  at: millis(attempt.begunAt),
  lane: 'notification',
  attempt,
});

/** The attempts already show that a mail is being sent, or was sent. */
function notificationMark({ status, at }: FeedData['notification']): readonly Mark[] {
  if (status !== 'FAILED' && status !== 'REVOKED') return [];
  const kind = status === 'FAILED' ? 'parked' : 'revoked';
  return [{ kind, key: `${kind} ${at}`, at: millis(at), lane: 'notification' }];
}

const dropMark = (drop: FeedData['dropped']): Mark => ({
  kind: 'drop',
  key: `drop ${dropKey(drop)}`,
  at: millis(drop.at),
  lane: drop.service,
  drop,
});

const quarantineMark = (signal: FeedData['quarantined']): Mark => ({
  kind: 'quarantined',
  key: `quarantined ${signal.id}`,
  at: millis(signal.at),
  lane: signal.service,
  signal,
});

const attentionMark = (attention: FeedData['attention']): Mark => ({
  kind: 'attention',
  key: `attention ${attention.code}`,
  at: millis(attention.since),
  lane: 'order',
  attention,
});

const operatorMark = (operator: FeedData['operator']): Mark => ({
  kind: 'operator',
  key: `operator ${operator.action} ${operator.at}`,
  at: millis(operator.at),
  lane: operator.action === 'NOTIFICATION_RETRY' ? 'notification' : 'order',
  operator,
});
