import { isDeepStrictEqual } from 'node:util';
import { entryOf } from '../../core/choreography.js';
import type { AnyEvent } from '../../core/event.js';
import type { NotificationRow } from '../../db/notification/notification-row.js';
import { choreography } from '../../schemas/catalogue.js';
import { simulatedServices, type SimulatedService } from '../services.js';
import { rule } from './rule.js';
import { timeOf } from './situations.js';
import type { Step } from './step.js';

/** What an event says, by value: time, cause and request, the wait that it begins, and what was ordered. */
export const eventRules = (step: Step): readonly string[] =>
  step.emitted.flatMap(({ event }) => [
    ...timeRules(step, event),
    ...rule(
      event.payload.correlationId === step.order.placement.correlationId,
      `${event.type} does not carry the id of the request`,
    ),
    ...rule(
      event.payload.version === entryOf(choreography, event.type).version,
      `${event.type} has version ${event.payload.version}`,
    ),
    ...rule(isCausedByInput(step, event), `${event.type} is caused by something else than its effect`),
    ...disagreements(event.payload, step, event.type),
    ...attemptRules(step, event),
  ]);

function timeRules(step: Step, { type, payload }: AnyEvent): readonly string[] {
  const { service, commit, now, waits } = step;
  const { occurredAt, answerBy } = payload as { readonly occurredAt: number; readonly answerBy?: number };
  const { answerWithin }: SimulatedService = simulatedServices[service];
  return [
    ...rule(occurredAt >= commit.since && occurredAt <= now, `${type} is dated ${now - occurredAt} ms back`),
    ...rule(occurredAt === timeOf(step), `${type} has another time than its row`),
    ...rule(
      answerBy === undefined || !answerWithin || answerBy - occurredAt === answerWithin(waits),
      `${type} gives its answer ${(answerBy ?? 0) - occurredAt} ms`,
    ),
  ];
}

/** An effect is keyed by its cause; only the first event of a saga has none. */
const isCausedByInput = ({ key }: Step, { payload: { causationId } }: AnyEvent): boolean =>
  causationId === null
    ? key === undefined
    : key === causationId || key?.startsWith(`${causationId}:`) === true;

/** Whatever tells of the order tells what was ordered. */
export function disagreements(value: object, { order }: Step, what: string): readonly string[] {
  const { customerId, items, total, correlationId } = order.placement;
  const known: Readonly<Record<string, unknown>> = {
    customerId,
    items,
    total,
    refunded: total,
    correlationId,
  };
  return Object.entries(value)
    .filter(
      ([name, found]) => name in known && found !== known[name] && !isDeepStrictEqual(found, known[name]),
    )
    .map(([name]) => `${what} has ${name} other than what was ordered`);
}

/** Of a mail that has gone out, all attempts on record; of a round that is used up, its last number. */
function attemptRules({ service, is }: Step, { type, payload }: AnyEvent): readonly string[] {
  if (service !== 'notification' || !('attempts' in payload)) return [];
  const row = is as NotificationRow;
  const begun = 'attempts' in row ? row.attempts : [];
  const last = 'round' in row ? begun.filter(({ round }) => round === row.round) : [];
  const isUsedUp = type.endsWith('FailedEvent');
  const expected = isUsedUp ? Math.max(0, ...last.map(({ number }) => number)) : begun.length;
  return rule(
    payload.attempts === expected,
    `${type} tells of ${String(payload.attempts)} attempts of ${expected}`,
  );
}
