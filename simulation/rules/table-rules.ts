import { isDeepStrictEqual } from 'node:util';
import { NO_CHANGE, THE_SAME, type TableEvent, type Way } from '../../schemas/decision-tables/cell.js';
import { inputOf, isWaitOver, waysFor } from './inputs.js';
import { rule } from './rule.js';
import { isDue, situations } from './situations.js';
import type { Step } from './step.js';

/**
 * Whatever the service: what was committed is one of the ways that its decision table has for the input, and its situation
 * was the case. The tables are the specification, and share nothing with the code that decides.
 */
export function tableRules(step: Step): readonly string[] {
  const { service, was, is } = step;
  const input = inputOf(step);
  if (input === undefined) return unnamedRules(step);
  const what = `${service} made of ${input}, while ${was.status}:`;
  const ways = waysFor(service, was.status, input);
  if (!ways) return [`${what} ${is.status}, of which its table knows nothing`];
  const fitting = ways.filter((way) => fits(way, step));
  const isSo = fitting.some(({ when }) => when === undefined || (situations[when]?.(step) ?? true));
  return [
    ...rule(fitting.length > 0, `${what} ${is.status} ${emittedIn(step)}, which is not in its table`),
    ...rule(fitting.length === 0 || isSo, `${what} ${is.status} ${emittedIn(step)}, though nothing was so`),
    ...rule(!isWaitOver(input) || !hasChanged(step) || isDue(step), `${what} too early`),
    ...countRules(step),
  ];
}

/** What answers to no column changes no status and publishes nothing, except for the placement of an order. */
function unnamedRules({ service, was, is, key, emitted }: Step): readonly string[] {
  const isPlacement = service === 'order' && was.status === 'NOTHING' && key === undefined;
  const isTraceless = key === undefined && is !== was && was.status !== 'NOTHING';
  return [
    ...rule(
      isPlacement || (is.status === was.status && emitted.length === 0),
      `${service} went from ${was.status} to ${is.status} by what is in no table`,
    ),
    ...rule(!isTraceless, `${service} changed its row by what has left no trace`),
  ];
}

/** An event without effect is counted as one, and no other. */
function countRules(step: Step): readonly string[] {
  const { service, event, before, after } = step;
  if (!event) return [];
  const prefix = `${service} ${event.payload.eventId} NO_EFFECT `;
  const isCounted = [...after.drops.keys()].some((id) => id.startsWith(prefix) && !before.drops.has(id));
  return rule(
    isCounted !== hasChanged(step),
    `${service} ${isCounted ? 'counted' : 'did not count'} ${event.type} as one without effect`,
  );
}

const hasChanged = ({ was, is, emitted }: Step): boolean =>
  emitted.length > 0 || (is.status === 'NOTHING' ? was.status !== 'NOTHING' : !isDeepStrictEqual(was, is));

function fits(way: Way<string>, step: Step): boolean {
  const { was, is, emitted } = step;
  const status = way.then === NO_CHANGE ? was.status : way.then;
  const [event, ...more] = emitted;
  if (is.status !== status || more.length > 0) return false;
  return way.emits ? event !== undefined && isEmitted(way.emits, step) : event === undefined;
}

function isEmitted(expected: TableEvent, { emitted: [emitted], event, key }: Step): boolean {
  if (!emitted) return false;
  const { type, payload } = emitted.event;
  const fields = payload as { readonly reason?: string; readonly uncertain?: boolean };
  const reason = expected.reason === THE_SAME ? reasonIn(event) : expected.reason;
  const isCaused =
    expected.causedBy === undefined
      ? payload.causationId === event?.payload.eventId
      : emitted.causeType === expected.causedBy && key?.startsWith(`${payload.causationId}:`) === true;
  return (
    type === expected.type &&
    (reason === undefined || fields.reason === reason) &&
    (expected.uncertain === undefined || fields.uncertain === expected.uncertain) &&
    isCaused
  );
}

export const reasonIn = (event: { readonly payload: object } | undefined): string | undefined =>
  (event?.payload as { readonly reason?: string } | undefined)?.reason;

const emittedIn = ({ emitted }: Step): string =>
  emitted.length === 0
    ? 'without a word'
    : `and ${emitted.map(({ event }) => `${event.type} ${reasonIn(event) ?? ''}`.trim()).join(' and ')}`;
