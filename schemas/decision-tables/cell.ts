import { isEventType, type EventType } from '../catalogue.js';
import type { OrderAttentionCode } from '../order-status.js';
import type { Reason } from '../reasons.js';

/**
 * What a service's row says against each input: a cell for every state and every input. The tables are the
 * specification as data; the documents are rendered from them, and a test is made of each way of each cell.
 */
export type DecisionTable<State extends string, Input extends string> = Readonly<
  Record<State, Readonly<Record<Input, Cell<State>>>>
>;

/** One way to go, or several between which `when` decides. */
export type Cell<State extends string> = Way<State> | readonly SituatedWay<State>[];

export interface Way<State extends string> {
  /** The state of the row afterwards; an empty cell leaves everything as it was. */
  readonly then: State | typeof NO_CHANGE;
  /** States written before it in one go (R10). */
  readonly through?: readonly State[];
  /** What is stored and published. */
  readonly emits?: TableEvent;
  /** What the order's row holds of it beside the state. */
  readonly reason?: Reason | typeof THE_SAME;
  readonly records?: readonly ('told' | 'refunded')[];
  readonly raises?: OrderAttentionCode;
  readonly clears?: OrderAttentionCode;
  /** For readers. */
  readonly note?: string;
}

export interface SituatedWay<State extends string> extends Way<State> {
  readonly when: string;
}

export interface TableEvent {
  readonly type: EventType;
  readonly reason?: Reason | typeof THE_SAME;
  readonly uncertain?: boolean;
  /** Where it is not the event of the cell. */
  readonly causedBy?: EventType;
}

export const NO_CHANGE = 'no change';

/** The reason that the consumed event gives. */
export const THE_SAME = 'its reason';

export const EMPTY = { then: NO_CHANGE } as const;

export const waysOf = <State extends string>(
  cell: Cell<State>,
): readonly (Way<State> & { when?: string })[] => ('then' in cell ? [cell] : cell);

/** The event that an input stands for; undefined for a wait that is over, an attempt, an operator. */
export function eventOf(input: string): EventType | undefined {
  const name = input.replace('uncertain ', '');
  return isEventType(name) ? name : undefined;
}

/** The situations that a table distinguishes, as a type: tests have to arrange each. */
export type SituationOf<Table> = SituationIn<CellOf<Table>>;
type CellOf<Table> = { [State in keyof Table]: Table[State][keyof Table[State]] }[keyof Table];
type SituationIn<SomeCell> = SomeCell extends readonly { readonly when: infer When extends string }[]
  ? When
  : never;

export type StateOf<Table> = keyof Table & string;
export type InputOf<Table> = { [State in keyof Table]: keyof Table[State] }[keyof Table] & string;
