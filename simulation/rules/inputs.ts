import type { NotificationRow } from '../../db/notification/notification-row.js';
import { decisionTables } from '../../schemas/decision-tables/decision-tables.js';
import { waysOf, type Cell, type Way } from '../../schemas/decision-tables/cell.js';
import type { Service } from '../../schemas/services.js';
import type { Step } from './step.js';

type Table = Readonly<Record<string, Readonly<Record<string, Cell<string>>>>>;

/** The ways that a service's table has for an input in a state; undefined where it does not know the input. */
export function waysFor(
  service: Service,
  status: string,
  input: string,
): readonly (Way<string> & { readonly when?: string })[] | undefined {
  const table: Table = decisionTables[service];
  const cell = table[status]?.[input];
  return cell && waysOf(cell);
}

/** The column of the decision table that a commit answers to; undefined where it is none. */
export function inputOf(step: Step): string | undefined {
  const { key, event } = step;
  if (event) return nameOf(event);
  if (key === undefined) return undefined;
  const [, wait] = /:(\w+) wait$/.exec(key) ?? [];
  return wait === undefined ? attemptIn(step, key) : inputOfWait(step.service, wait);
}

/** The column of an event: an uncertain one has its own. */
export const nameOf = ({ type, payload }: { readonly type: string; readonly payload: object }): string =>
  'uncertain' in payload && payload.uncertain === true ? `uncertain ${type}` : type;

export const isWaitOver = (input: string): boolean => input.endsWith(' over');

const inputOfWait = (service: Service, wait: string): string | undefined =>
  Object.keys(decisionTables[service].NOTHING).find(
    (input) => isWaitOver(input) && input.startsWith(`${wait} `),
  );

const fateInputs = {
  ACCEPTED: 'attempt accepted',
  REFUSED: 'attempt refused',
  UNKNOWN: 'fate of the attempt unknown',
} as const;

/** The end of an attempt to tell the customer, of a round of them, or an operator's retry. */
function attemptIn({ is, before, after, record }: Step, key: string): string | undefined {
  if (key.endsWith(':give up')) return fateInputs.REFUSED;
  if (after.operatorActions.size > before.operatorActions.size) return 'retry by an operator';
  const [, round, number] = /:(\d+):(\d+):end$/.exec(key) ?? [];
  if (number === undefined) return undefined;
  const row = is as NotificationRow;
  const attempts = 'attempts' in row ? row.attempts : [];
  const ended = attempts.find(
    (attempt) => attempt.round === Number(round) && attempt.number === Number(number),
  );
  const fate = ended?.fate ?? record.mailFates.get(`${round} ${number}`);
  return fate && fateInputs[fate];
}
