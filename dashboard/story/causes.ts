import type { EventMark, Mark } from './marks.js';

export const isEvent = (mark: Mark): mark is EventMark => mark.kind === 'event';

/** The event behind a mark: the one that caused it, or that was consumed or dropped. */
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

/** The marks that name the event as their cause. */
export const effectsOf = (marks: readonly Mark[], eventId: string): readonly Mark[] =>
  marks.filter((mark) => causeIdOf(mark) === eventId);

/** A mark, the chain of its causes, and its direct effects. */
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
