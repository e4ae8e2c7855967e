import { boundedJson } from '../bounds.js';
import type { AnyEvent, EmittedEvent, EpochMillis, SagaId } from '../event.js';
import { completeEvent } from './complete-event.js';
import type { Decision } from './decision.js';
import {
  MAX_BODY,
  type EffectContext,
  type EffectResult,
  type SharedEffects,
  type Timeout,
} from './effect.js';
import { inspectEvent, journaledIdOf, type Contract, type Recipient, type Refusal } from './inspection.js';
import type { Store, StoreTransaction } from './store.js';

/** What to decide on the locked row, under an idempotency key. */
export interface Keyed<Row, Command, Result> {
  readonly key: string;
  /** `now` is the business time of the effect. */
  readonly decide: (row: Row, now: EpochMillis) => Decision<Row, EmittedEvent, Command, Result>;
}

/**
 * The idempotent consumer, written once for all services. An effect locks the row, drops what was applied before,
 * decides, carries out what the decision asks for, and writes row, inbox and emitted event in one transaction. It
 * returns all that the service has still to publish for the saga, also when it dropped a repeat.
 */
export class IdempotentConsumer<
  Row extends { readonly status: string },
  View,
  Command = never,
  Result = never,
> {
  readonly #contract: Contract;
  readonly #store: Store<Row, Command, Result>;
  readonly #view: (row: Row | undefined) => View;

  /** `view` is what the participant sees of the row, or of there being none. */
  constructor(contract: Contract, store: Store<Row, Command, Result>, view: (row: Row | undefined) => View) {
    this.#contract = contract;
    this.#store = store;
    this.#view = view;
  }

  /** The effects that every service has. */
  readonly sharedEffects: SharedEffects<View> = {
    look: (context) => this.look(context),
    inspect: (context, event) => this.consume(context, event as AnyEvent, () => ({ kind: 'none' })),
  };

  /**
   * Applies an event after checking that it is genuine; one that is not goes to quarantine and changes nothing. A
   * timeout is applied as it is.
   */
  consume<Input extends AnyEvent | Timeout>(
    context: EffectContext,
    input: Input,
    decide: (row: Row, input: Input, now: EpochMillis) => Decision<Row, EmittedEvent, Command, Result>,
  ): Promise<EffectResult<View>> {
    if (isTimeout(input))
      return this.apply(context, { key: keyOf(input), decide: (row, now) => decide(row, input, now) });
    return this.#transaction(context, async (tx) => {
      const { sagaId } = context;
      const { service } = this.#store;
      const findJournaled: Recipient['findJournaled'] = (...asked) => tx.journal.find(...asked);
      const inspection = await inspectEvent(this.#contract, input, { service, sagaId, findJournaled });
      if (inspection.refusal !== undefined) return this.#refuse(tx, context, input, inspection.refusal);
      const { event } = inspection;
      const decideOn = (row: Row, now: EpochMillis) => decide(row, event as Input, now);
      return this.#applyOnce(tx, context, { key: event.payload.eventId, decide: decideOn }, event);
    });
  }

  /** Applies what is neither an event nor a timeout, such as a request or the end of an attempt. */
  apply(context: EffectContext, keyed: Keyed<Row, Command, Result>): Promise<EffectResult<View>> {
    return this.#transaction(context, (tx) => this.#applyOnce(tx, context, keyed));
  }

  /**
   * Applies, and tells whether it was this very call that changed the row: returns the row as it was before, or
   * undefined where nothing has changed or an earlier call had applied the key.
   */
  claim(context: EffectContext, { key, decide }: Keyed<Row, Command, Result>): Promise<Row | undefined> {
    return this.#transaction(context, async (tx) => {
      // Within the transaction, which may be tried again: what an earlier try has seen does not count.
      let before: Row | undefined;
      const decideOn = (row: Row, now: EpochMillis) => {
        const decision = decide(row, now);
        if (decision.kind === 'change') before = row;
        return decision;
      };
      await this.#applyOnce(tx, context, { key, decide: decideOn });
      return before;
    });
  }

  /** Reads the row and changes nothing. */
  look(context: EffectContext): Promise<EffectResult<View>> {
    return this.#transaction(context, async (tx) => this.#result(tx, context, await tx.read(context.sagaId)));
  }

  /** Every effect begins by recording what the run's mailbox could not read. */
  #transaction<T>(
    context: EffectContext,
    work: (tx: StoreTransaction<Row, Command, Result>) => Promise<T>,
  ): Promise<T> {
    return this.#store.transaction(async (tx) => {
      await recordMalformed(tx, context);
      return work(tx);
    });
  }

  async #applyOnce(
    tx: StoreTransaction<Row, Command, Result>,
    context: EffectContext,
    { key, decide }: Keyed<Row, Command, Result>,
    event?: AnyEvent,
  ): Promise<EffectResult<View>> {
    const { sagaId, runId } = context;
    const row = await tx.lock(sagaId);
    const { appliedBy, databaseTime } = await tx.inbox.find(key);
    if (event) await countRepeats(tx, context, event, appliedBy);
    if (appliedBy !== undefined) return this.#result(tx, context, row);
    const now = later(context.now, databaseTime);
    const decided = decide(row, now);
    const decision = await carryOut(tx, sagaId, decided, now);
    const after = decision.kind === 'change' ? decision.row : row;
    if (decision.kind === 'change') await tx.save(sagaId, after, now);
    else if (event) await countNoEffect(tx, context, event);
    // An event leaves a trace in any case (R11). Whatever else has no effect may have one later: PostgreSQL may have been
    // set back behind what it belongs to, which then happens once more.
    if (event || decided.kind !== 'none')
      await tx.inbox.remember({ key, sagaId, runId, outcome: after.status });
    if (decision.kind === 'change' && decision.emit)
      await tx.journal.append(completeEvent(this.#contract, sagaId, decision.emit, now));
    return this.#result(tx, context, after);
  }

  async #refuse(
    tx: StoreTransaction<Row, Command, Result>,
    context: EffectContext,
    { type, payload }: AnyEvent,
    { reason, detail }: Refusal,
  ): Promise<EffectResult<View>> {
    const { sagaId, runId, seen } = context;
    const body = boundedJson(payload).slice(0, MAX_BODY);
    const findJournaled: Recipient['findJournaled'] = (...asked) => tx.journal.find(...asked);
    const eventId = await journaledIdOf(this.#contract, { type, payload }, findJournaled);
    await tx.journal.quarantine({ sagaId, runId, signalName: type, reason, detail, body, eventId, seen });
    return this.#result(tx, context, await tx.read(sagaId));
  }

  async #result(
    tx: StoreTransaction<Row, Command, Result>,
    { sagaId }: EffectContext,
    row: Row | undefined,
  ): Promise<EffectResult<View>> {
    return { row: this.#view(row), unpublished: await tx.journal.undelivered(sagaId) };
  }
}

const isTimeout = (input: AnyEvent | Timeout): input is Timeout => input.type === 'TIMEOUT';

/** A wait has one end, however often its timer fires. */
const keyOf = ({ causeId, wait }: Timeout): string => `${causeId}:${wait} wait`;

/**
 * The business time of an effect. The workflow's clock stands still while its task is held up, and an effect must not
 * be dated back; the database's may be behind it. The worker's own clock has no say.
 */
const later = (workflowTime: EpochMillis, databaseTime: EpochMillis): EpochMillis =>
  Math.max(workflowTime, databaseTime) as EpochMillis;

async function carryOut<Row, Command, Result>(
  tx: StoreTransaction<Row, Command, Result>,
  sagaId: SagaId,
  decision: Decision<Row, EmittedEvent, Command, Result>,
  now: EpochMillis,
): Promise<Decision<Row>> {
  if (decision.kind !== 'do') return decision;
  if (!tx.perform) throw new Error('this service carries out no commands');
  return decision.onResult(await tx.perform(sagaId, decision.command, now));
}

/**
 * Of the times that this run was told of the event, all but the first are repeats; the first one too, where an earlier
 * run had applied it. The total only grows, so counting it again after a crash does no harm.
 */
async function countRepeats<Row, Command, Result>(
  { journal }: StoreTransaction<Row, Command, Result>,
  { sagaId, runId, seen }: EffectContext,
  { payload: { eventId } }: AnyEvent,
  appliedBy: string | undefined,
): Promise<void> {
  const first = appliedBy === undefined || appliedBy === runId ? 1 : 0;
  if (seen > first) await journal.countDrop({ sagaId, runId, eventId, why: 'REPEAT', seen: seen - first });
}

/** Told again after a crash, each signal still counts once. */
async function recordMalformed<Row, Command, Result>(
  { journal }: StoreTransaction<Row, Command, Result>,
  { sagaId, runId, malformed }: EffectContext,
): Promise<void> {
  for (const signal of malformed)
    await journal.quarantine({ sagaId, runId, detail: 'not a known event', eventId: null, ...signal });
}

const countNoEffect = <Row, Command, Result>(
  { journal }: StoreTransaction<Row, Command, Result>,
  { sagaId, runId }: EffectContext,
  { payload }: AnyEvent,
): Promise<void> => journal.countDrop({ sagaId, runId, eventId: payload.eventId, why: 'NO_EFFECT', seen: 1 });
