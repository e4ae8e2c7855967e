import type { Answer, Cause, SagaEvent } from '../schemas/event.js';
import type { CorrelationId, EventId } from '../schemas/ids.js';

/**
 * What a service makes of an event, as a value. A `change` is stored, and its answer is published; an `act`
 * is carried out first and concluded by a second pure function; `none` is an empty cell of the table.
 */
export type Decision<Row, Act = never> =
  | { readonly kind: 'change'; readonly row: Row; readonly answer?: CausedAnswer }
  | { readonly kind: 'act'; readonly act: Act }
  | { readonly kind: 'none' };

/** An answer and the event that caused it; the consumer adds id, version and time. */
export type CausedAnswer = Answer & { readonly cause: Cause };

export const NO_EFFECT = { kind: 'none' } as const;

export const change = <Row>(row: Row, answer?: CausedAnswer): Decision<Row> =>
  answer === undefined ? { kind: 'change', row } : { kind: 'change', row, answer };

export const causeOf = ({ payload }: SagaEvent): { eventId: EventId; correlationId: CorrelationId } => ({
  eventId: payload.eventId,
  correlationId: payload.correlationId,
});

/** R6: no step begins later than `answerBy` less 5 s, or less a tenth of the wait where that is shorter. */
export function tooLate(wait: { occurredAt: number; answerBy: number }, now: number): boolean {
  const margin = Math.min(5_000, (wait.answerBy - wait.occurredAt) / 10);
  return now > wait.answerBy - margin;
}
