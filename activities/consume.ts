import type { Store, StoreTransaction } from '../db/store.js';
import { catalogue } from '../schemas/catalogue.js';
import { eventIdOf } from '../schemas/event-id.js';
import type { SagaEvent } from '../schemas/event.js';
import type { EventId, OrderId } from '../schemas/ids.js';
import { inspectEvent } from '../schemas/inspection.js';
import { validateEvent } from '../schemas/registry.js';
import type { CausedAnswer, Decision } from './decision.js';
import type { Outcome, StepContext } from './step.js';

/** The rules of one service: pure functions on its row. */
export interface Rules<Row extends { readonly status: string }, View, Act, Result> {
  view(row: Row | undefined): View;
  conclude(row: Row, act: Act, result: Result): Decision<Row>;
}

/** One step: its idempotency key and what to decide on the locked row. */
export interface Step<Row, Act> {
  readonly key: string;
  decide(row: Row): Decision<Row, Act>;
}

/**
 * The idempotent consumer, written once for all services. An effect locks the row, drops what was applied
 * before, decides, acts, and writes row, memory and answer in one transaction; then it returns all that this
 * service has still to publish for the order, also when it dropped a repeat.
 */
export interface Consumer<Row, View, Act> {
  /** Applies an event after checking that it is genuine; one that is not goes to quarantine and changes nothing. */
  consume<Event extends SagaEvent>(
    context: StepContext,
    event: Event,
    decide: (row: Row, event: Event) => Decision<Row, Act>,
  ): Promise<Outcome<View>>;
  /** Applies what did not come as an event: a placement, an expired wait, the end of an attempt. */
  apply(context: StepContext, step: Step<Row, Act>): Promise<Outcome<View>>;
  /** Looks at the row and changes nothing. */
  look(context: StepContext): Promise<Outcome<View>>;
}

export function createConsumer<Row extends { readonly status: string }, View, Act, Result>(
  store: Store<Row, Act, Result>,
  rules: Rules<Row, View, Act, Result>,
): Consumer<Row, View, Act> {
  type Transaction = StoreTransaction<Row, Act, Result>;

  async function outcomeOf(
    tx: Transaction,
    orderId: OrderId,
    row: Row | undefined,
    { accepted = true, repeated = false } = {},
  ): Promise<Outcome<View>> {
    return { row: rules.view(row), unpublished: await tx.journal.undelivered(orderId), accepted, repeated };
  }

  async function applyOnce(tx: Transaction, context: StepContext, step: Step<Row, Act>, event?: SagaEvent) {
    const { orderId, runId, now } = context;
    const row = await tx.lockRow(orderId, now);
    const appliedBy = await tx.inbox.appliedBy(step.key);
    if (appliedBy !== undefined) return outcomeOf(tx, orderId, row, { repeated: appliedBy !== runId });
    const decision = await carryOut(tx, context, row, step.decide(row));
    if (decision.kind === 'change') await tx.saveRow(orderId, decision.row, now);
    else if (event)
      await tx.journal.countDrop({
        orderId,
        runId,
        eventId: event.payload.eventId,
        why: 'NO_EFFECT',
        seen: 1,
      });
    const after = decision.kind === 'change' ? decision.row : row;
    await tx.inbox.remember({ key: step.key, orderId, runId, outcome: after.status });
    if (decision.kind === 'change' && decision.answer)
      await tx.journal.append(toEvent(decision.answer, context));
    return outcomeOf(tx, orderId, after);
  }

  async function carryOut(
    tx: Transaction,
    { orderId, now }: StepContext,
    row: Row,
    decision: Decision<Row, Act>,
  ) {
    if (decision.kind !== 'act') return decision;
    return rules.conclude(row, decision.act, await tx.perform(orderId, decision.act, now));
  }

  return {
    consume: (context, event, decide) =>
      store.transaction(async (tx) => {
        await report(tx, context);
        const { orderId, runId } = context;
        const findJournaled = (eventId: EventId) => tx.journal.find(eventId);
        const inspection = await inspectEvent(event, { service: store.service, orderId, findJournaled });
        if (inspection.refusal === undefined) {
          const { event: genuine } = inspection;
          const step = {
            key: genuine.payload.eventId,
            decide: (row: Row) => decide(row, genuine as typeof event),
          };
          return applyOnce(tx, context, step, genuine);
        }
        const { reason, detail } = inspection.refusal;
        await tx.journal.quarantine({
          orderId,
          runId,
          signalName: event.type,
          reason,
          detail,
          body: bodyOf(event.payload),
          seen: context.refusedBefore + 1,
        });
        return outcomeOf(tx, orderId, await tx.readRow(orderId), { accepted: false });
      }),

    apply: (context, step) =>
      store.transaction(async (tx) => {
        await report(tx, context);
        return applyOnce(tx, context, step);
      }),

    look: (context) =>
      store.transaction(async (tx) => {
        await report(tx, context);
        return outcomeOf(tx, context.orderId, await tx.readRow(context.orderId));
      }),
  };
}

type WithJournal = Pick<StoreTransaction<unknown, unknown, unknown>, 'journal'>;

/** Records what the run's inbox has dropped or could not read; told again after a crash, it counts once. */
async function report(tx: WithJournal, context: StepContext): Promise<void> {
  const { orderId, runId } = context;
  for (const drop of context.drops) await tx.journal.countDrop({ orderId, runId, why: 'REPEAT', ...drop });
  for (const stray of context.strays)
    await tx.journal.quarantine({ orderId, runId, detail: 'not a known event', ...stray });
}

/** Completes an answer to an event. Throws, and so rolls the effect back, when it breaks its own schema. */
function toEvent(answer: CausedAnswer, { orderId, now }: StepContext): SagaEvent {
  const { type, data, cause } = answer;
  const payload = {
    eventId: eventIdOf(orderId, type, cause.eventId),
    version: catalogue[type].version,
    orderId,
    correlationId: cause.correlationId,
    causationId: cause.eventId,
    occurredAt: now,
    ...data,
  };
  const validation = validateEvent(type, payload);
  if (!validation.ok) throw new Error(`${type} breaks its schema: ${JSON.stringify(validation.problems)}`);
  return { type, payload: validation.payload } as SagaEvent;
}

const MAX_BODY = 16_384;

const bodyOf = (payload: unknown): string => (JSON.stringify(payload) ?? 'undefined').slice(0, MAX_BODY);
