import type { EmittedEvent, EpochMillis } from '../event.js';

/**
 * What a service makes of an event, as a value. A `change` is stored, and what it emits is published. A `do` is
 * carried out first, in the same transaction, and its result decides. `none` is an empty cell of the decision table.
 */
export type Decision<Row, Emitted extends EmittedEvent = EmittedEvent, Command = never, Result = never> =
  | { readonly kind: 'change'; readonly row: Row; readonly emit?: Emitted }
  | {
      readonly kind: 'do';
      readonly command: Command;
      /** Not called `then`: a promise would take the decision for another promise. */
      onResult(result: Result): Decision<Row, Emitted>;
    }
  | { readonly kind: 'none' };

export const NO_EFFECT = { kind: 'none' } as const;

export const change = <Row, Emitted extends EmittedEvent>(
  row: Row,
  emit?: Emitted,
): Decision<Row, Emitted> => (emit === undefined ? { kind: 'change', row } : { kind: 'change', row, emit });

/** R6: no effect begins later than `answerBy` less 5 s, or less a tenth of the wait where that is shorter. */
export function tooLate(wait: { occurredAt: number; answerBy: number }, now: EpochMillis): boolean {
  const margin = Math.min(5_000, (wait.answerBy - wait.occurredAt) / 10);
  return now > wait.answerBy - margin;
}
