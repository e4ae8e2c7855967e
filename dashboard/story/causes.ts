import type { EventMark, Mark } from './marks.js';

export const isEvent = (mark: Mark): mark is EventMark => mark.kind === 'event';

/** The event that caused a mark: its cause by its own account, or what was consumed, dropped or answered. */
export function causeIdOf(mark: Mark): string | null {
  switch (mark.kind) {
    case 'event':
      return mark.event.causationId;
    case 'status':
      return mark.entry.eventId;
    case 'drop':
      return mark.drop.eventId;
    case 'attempt':
    case 'parked':
    case 'revoked':
    case 'quarantined':
    case 'attention':
    case 'operator':
      return null;
  }
}

export const findEvent = (marks: readonly Mark[], eventId: string | null): EventMark | undefined =>
  marks.filter(isEvent).find(({ key }) => key === eventId);

/** What an event led to, as far as the others say so. */
export const effectsOf = (marks: readonly Mark[], eventId: string): readonly Mark[] =>
  marks.filter((mark) => causeIdOf(mark) === eventId);

/** A mark with all that led to it and all that it led to at once. */
export function chainOf(marks: readonly Mark[], key: string): ReadonlySet<string> {
  const chain = new Set([key, ...effectsOf(marks, key).map((mark) => mark.key)]);
  let mark = marks.find((one) => one.key === key);
  while (mark) {
    chain.add(mark.key);
    const cause = findEvent(marks, causeIdOf(mark));
    mark = cause && !chain.has(cause.key) ? cause : undefined;
  }
  return chain;
}
