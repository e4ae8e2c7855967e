import { randomUUID } from 'node:crypto';
import type { Decision } from '../../core/activity/decision.js';
import type { AnyEvent, Cause, EmittedEvent, EpochMillis } from '../../core/event.js';
import type { EventType } from '../../schemas/catalogue.js';
import type { SagaEvent } from '../../schemas/event.js';
import { validateEvent } from '../../schemas/registry.js';
import { examples, type Json } from '../schemas/examples.js';

/** When the events of these tests happened; what is decided on them is decided later. */
export const HAPPENED = 1_700_000_000_000 as EpochMillis;

/** The example of an event, of an id of its own; its ids differ from each other, so that none can stand for another. */
export function received<Type extends EventType>(type: Type, data: Json = {}): SagaEvent<Type> {
  const ids = { eventId: randomUUID(), correlationId: randomUUID() };
  const validation = validateEvent(type, { ...examples[type], ...ids, occurredAt: HAPPENED, ...data });
  if (!validation.ok) throw new Error(JSON.stringify(validation.problems));
  return { type, payload: validation.payload };
}

/** What an event that this one causes says of its cause. */
export const causedBy = ({ payload: { eventId, correlationId } }: AnyEvent): Cause => ({
  eventId,
  correlationId,
});

export type Change<Row> = Extract<Decision<Row>, { readonly kind: 'change' }>;

/** The decision is a change, and this is it. */
export function changeOf<Row, Emitted extends EmittedEvent, Command, Result>(
  decision: Decision<Row, Emitted, Command, Result>,
): Change<Row> {
  if (decision.kind !== 'change') throw new Error(`expected a change, found ${decision.kind}`);
  return decision;
}

/** The decision carries out a command, and this is what it makes of the result. */
export function doing<Row, Emitted extends EmittedEvent, Command, Result>(
  decision: Decision<Row, Emitted, Command, Result>,
  result: Result,
): { readonly command: Command; readonly then: Change<Row> } {
  if (decision.kind !== 'do') throw new Error(`expected a command, found ${decision.kind}`);
  return { command: decision.command, then: changeOf(decision.onResult(result)) };
}
