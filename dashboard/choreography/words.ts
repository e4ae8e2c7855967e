import type { IconName } from '../parts/icon-paths.js';
import { iconOfTone, toneOfStatus } from '../parts/status-tone.js';
import type { Service } from '../../schemas/services.js';
import { participantsOf, standingOf } from '../story/participants.js';
import type { Story } from '../story/story.js';
import type { EventMark, Mark } from '../story/marks.js';
import { millis } from '../story/time.js';
import { formatMoney, formatSpan } from '../texts/formats.js';
import type { Texts } from '../texts/en.js';
import { eventName, quarantineReason, reasonText, serviceName } from '../texts/names.js';

/** A mark in the words of the timeline. */
export function titleOf(mark: Mark, texts: Texts): string {
  const words = texts.choreography;
  switch (mark.kind) {
    case 'event':
      return eventName(mark.event.type, texts);
    case 'status': {
      const { status, reason } = mark.entry;
      return words.status(texts.statuses[status], reason === null ? undefined : reasonText(reason, texts));
    }
    case 'attempt':
      return words.attempt(mark.attempt.number, fateOf(mark.attempt, texts));
    case 'parked':
      return words.parked;
    case 'revoked':
      return words.revoked;
    case 'drop':
      return mark.drop.why === 'REPEAT' ? words.repeat(mark.drop.seen) : words.late(mark.drop.seen);
    case 'quarantined':
      return words.quarantined(mark.signal.signalName, quarantineReason(mark.signal.reason, texts));
    case 'attention':
      return words.attention(texts.attentionCodes[mark.attention.code]);
    case 'operator': {
      const { operator, action } = mark.operator;
      return words.operator(operator, texts.operators.actions[action] ?? action);
    }
  }
}

/** The same, short enough for the diagram. */
export function noteOf(mark: Exclude<Mark, { kind: 'event' }>, texts: Texts): string {
  switch (mark.kind) {
    case 'status':
      return texts.statuses[mark.entry.status];
    case 'attention':
      return texts.attentionCodes[mark.attention.code];
    case 'quarantined':
      return texts.choreography.refused;
    case 'attempt':
    case 'parked':
    case 'revoked':
    case 'drop':
    case 'operator':
      return titleOf(mark, texts);
  }
}

/** What people want to know first about an event: how much money, or why not. */
export function gistOf({ event: { type, payload } }: EventMark, texts: Texts): string | undefined {
  if (type === 'PaymentCompletedEvent') return moneyIn(payload['total'], texts);
  if (type === 'PaymentCancelledEvent') return moneyIn(payload['refunded'], texts);
  const { reason } = payload;
  return typeof reason === 'string' ? reasonText(reason, texts) : undefined;
}

const moneyIn = (value: unknown, texts: Texts): string | undefined =>
  value === undefined ? undefined : formatMoney(value as Parameters<typeof formatMoney>[0], texts);

/** The second line of an entry in the timeline. */
export function explain(mark: Mark, story: Story, texts: Texts): string | undefined {
  switch (mark.kind) {
    case 'event':
      return texts.eventDescriptions[mark.event.type];
    case 'attention':
      return mark.attention.clearedAt === null
        ? texts.attentionHints[mark.attention.code]
        : texts.choreography.attentionCleared;
    case 'drop': {
      const event = story.events.find(({ eventId }) => eventId === mark.drop.eventId);
      return event && texts.choreography.dropOf(eventName(event.type, texts));
    }
    case 'status':
    case 'attempt':
    case 'parked':
    case 'revoked':
    case 'quarantined':
    case 'operator':
      return undefined;
  }
}

export function routeOf({ event }: EventMark, texts: Texts): string {
  const [from, to] = [event.publisher, event.subscribers.map((service) => serviceName(service, texts))];
  return texts.choreography.arrow(serviceName(from, texts), to);
}

/** Where a service stands with the order. */
export function stateOf(service: Service, story: Story, texts: Texts): string {
  const states: Readonly<Record<string, string>> = { ...participantsOf(story) };
  const words: Readonly<Record<string, Readonly<Record<string, string>>>> = texts.participants;
  const known = words[service]?.[states[service] ?? ''];
  if (known !== undefined) return known;
  const standing = standingOf(story, service);
  return typeof standing === 'string'
    ? texts.otherParticipants[standing]
    : eventName(standing.lastEvent, texts);
}

export const deliveryOf = ({ at, deliveredAt }: EventMark, texts: Texts): string =>
  deliveredAt === null
    ? texts.choreography.notDelivered
    : texts.choreography.deliveredAfter(formatSpan(deliveredAt - at, texts));

const fateOf = ({ fate }: { fate: keyof Texts['fates'] | null }, texts: Texts): string | undefined =>
  fate === null ? undefined : texts.fates[fate];

/** The icon of a mark, in the diagram and in the timeline. */
export function iconOf(mark: Mark): IconName {
  switch (mark.kind) {
    case 'event':
      return eventIcons[mark.tone];
    case 'status':
      return iconOfTone[toneOfStatus[mark.entry.status]];
    case 'attempt':
      return attemptIcons[mark.attempt.fate ?? 'none'];
    case 'parked':
      return 'pause';
    case 'revoked':
      return 'undo';
    case 'drop':
      return 'repeat';
    case 'quarantined':
      return 'shield';
    case 'attention':
      return 'flag';
    case 'operator':
      return 'person';
  }
}

const eventIcons = { forward: 'arrow', failure: 'cross', compensation: 'undo' } as const;

const attemptIcons = { ACCEPTED: 'check', REFUSED: 'cross', UNKNOWN: 'question', none: 'mails' } as const;

/** The class that colours a mark: by its meaning if it has one, otherwise by its service. */
export function toneClassOf(mark: Mark): string {
  switch (mark.kind) {
    case 'event':
      return mark.tone === 'forward' ? 'of-service' : `tone-${mark.tone}`;
    case 'status':
      return `tone-${toneOfStatus[mark.entry.status]}`;
    case 'attempt':
      return mark.attempt.fate === 'REFUSED' || mark.attempt.fate === 'UNKNOWN'
        ? 'tone-failure'
        : 'of-service';
    case 'revoked':
      return 'tone-compensation';
    case 'parked':
    case 'attention':
      return 'tone-attention';
    case 'quarantined':
      return 'tone-failure';
    case 'drop':
      return 'tone-quiet';
    case 'operator':
      return 'tone-person';
  }
}

/** When a mark happened, counted from the moment the order was placed. */
export const offsetOf = (mark: Mark, startedAt: number, texts: Texts): string =>
  formatSpan(mark.at - startedAt, texts);

export const startOf = (story: Story, marks: readonly Mark[]): number =>
  story.placed ? millis(story.placed.at) : (marks[0]?.at ?? Date.now());
