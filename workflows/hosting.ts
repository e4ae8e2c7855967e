import type { Outcome, StepContext } from '../activities/step.js';
import { isEventType, type EventType } from '../schemas/catalogue.js';
import type { SagaEvent } from '../schemas/event.js';
import type { OrderId } from '../schemas/ids.js';
import { StepFailure, type Engine, type LocalTries, type Tries } from './engine.js';
import type { Inbox } from './inbox.js';
import type { Deadline, EffectMap, EffectName, Input, Result, RetryPolicy, Saga, Waiting } from './saga.js';
import { mustStartAnew, StartAnew } from './start-anew.js';

/** One statement of an effect may take 2 s; the workflow task that holds a local activity may take 10 s. */
const ONE_TRY: LocalTries = { timeout: 4_000, attempts: 1, firstPause: 100, backoff: 2 };

/**
 * Some tries at once, as local activities: cheap, and trouble mostly passes. Pauses of 0.1 to 1.6 s; tries that hang
 * are given up after 5 s together, not each after its own 4 s.
 */
const SOME_TRIES: LocalTries = { timeout: 4_000, budget: 5_000, attempts: 6, firstPause: 100, backoff: 2 };

/** Then as a regular activity for as long as it takes: visible in the Web UI, and signals keep flowing. */
const UNTIL_DONE: Tries = { timeout: 10_000, firstPause: 1_000, backoff: 2, longestPause: 30_000 };

/** Where a participant runs: its order, what was signalled to it, and the engine that carries it. */
export interface Host {
  readonly orderId: OrderId;
  readonly inbox: Inbox;
  readonly engine: Engine;
  /** Sees every row that the participant has reached. */
  readonly onRow?: (row: unknown) => void;
}

/**
 * Runs a participant until its inbox is empty and everything it dropped or refused is on record. It closes
 * with an empty inbox only: a signal that arrives during its last step makes Temporal run that task again,
 * and the participant then goes over it once more. The same holds where it ends only to start anew.
 */
export async function host<Effects extends EffectMap>(
  where: Host,
  participant: (saga: Saga<Effects>) => Promise<void>,
): Promise<void> {
  const saga = new HostedSaga<Effects>(where);
  try {
    await saga.runOut(() => participant(saga));
  } catch (error) {
    if (!(error instanceof StartAnew)) throw error;
    await saga.runOut(() => saga.settleTheRest());
    await where.engine.startAnew(where.orderId);
  }
}

class HostedSaga<Effects extends EffectMap> implements Saga<Effects> {
  readonly orderId: OrderId;
  readonly #inbox: Inbox;
  readonly #engine: Engine;
  readonly #onRow: (row: unknown) => void;

  constructor({ orderId, inbox, engine, onRow = () => undefined }: Host) {
    this.orderId = orderId;
    this.#inbox = inbox;
    this.#engine = engine;
    this.#onRow = onRow;
  }

  take<Type extends EventType>(...types: readonly Type[]): SagaEvent<Type> | undefined {
    return this.#inbox.take(types);
  }

  receive<Type extends EventType>(
    types: readonly Type[],
    deadline: Deadline,
  ): Promise<SagaEvent<Type> | undefined>;
  receive<Type extends EventType>(types: readonly Type[], waiting: Waiting): Promise<SagaEvent<Type>>;
  async receive<Type extends EventType>(types: readonly Type[], waiting: Waiting & Partial<Deadline>) {
    const isHere = () => this.#inbox.has(types);
    const isOver = () => isHere() || mustStartAnew(this.#engine);
    const summary = `waiting for ${waiting.waitingFor}`;
    this.#engine.describe(summary);
    const now = this.#engine.now();
    if (waiting.at === undefined) await this.#engine.until(isOver);
    else if (!isHere() && waiting.at > now)
      await this.#engine.until(isOver, { ms: waiting.at - now, summary });
    const event = this.#inbox.take(types);
    if (!event && mustStartAnew(this.#engine)) throw new StartAnew();
    return event;
  }

  async once<Name extends EffectName<Effects>>(
    effect: Name,
    input: Input<Effects, Name>,
  ): Result<Effects, Name> {
    const { args, summary, end } = this.#begin(input);
    return end(await this.#engine.local(effect, args, { ...ONE_TRY, ...summary }));
  }

  async ensure<Name extends EffectName<Effects>>(
    effect: Name,
    input: Input<Effects, Name>,
  ): Result<Effects, Name> {
    const { args, summary, end } = this.#begin(input);
    return end(await this.#untilDone(effect, args, summary));
  }

  async retry<Name extends EffectName<Effects>>(
    effect: Name,
    input: Input<Effects, Name>,
    { maximumAttempts, intervalMs }: RetryPolicy,
    stopOn: readonly EventType[],
  ): Promise<Awaited<Result<Effects, Name>> | 'USED_UP' | 'STOPPED'> {
    if (maximumAttempts <= 0) return 'USED_UP';
    const step = this.#begin(input);
    const running = this.#engine.activity<Awaited<Result<Effects, Name>>>(effect, step.args, {
      ...{ timeout: 30_000, attempts: maximumAttempts, firstPause: intervalMs, backoff: 1 },
      ...step.summary,
    });
    let hasEnded = false;
    const outcome = running.result
      .then(step.end, (error: unknown) => {
        if (!(error instanceof StepFailure)) throw error;
        return undefined;
      })
      .finally(() => (hasEnded = true));
    await this.#engine.until(() => hasEnded || this.#inbox.has(stopOn));
    if (!hasEnded) running.stop();
    return (await outcome) ?? (this.#inbox.has(stopOn) ? 'STOPPED' : 'USED_UP');
  }

  async publish<Row>({ row, unpublished }: Outcome<Row>): Promise<Row> {
    this.#onRow(row);
    for (const { eventId, type } of unpublished)
      await this.#untilDone('publish', [eventId], { summary: type });
    return row;
  }

  async settleTheRest({ except }: { readonly except: readonly EventType[] } = { except: [] }): Promise<void> {
    for (let event = this.#inbox.takeOther(except); event; event = this.#inbox.takeOther(except))
      await this.publish(await this.ensure('settle', event as Input<Effects, 'settle'>));
  }

  /** Works until nothing is left in the inbox, nor to be reported. */
  async runOut(work: () => Promise<void>): Promise<void> {
    do {
      await work();
      await this.#reportTheRest();
    } while (!this.#inbox.isEmpty);
  }

  /** Drops and strays travel with effects; what came after the last one gets a look of its own. */
  async #reportTheRest(): Promise<void> {
    while (!this.#inbox.drops.isReported || !this.#inbox.strays.isReported)
      await this.publish(await this.ensure('look', null as Input<Effects, 'look'>));
  }

  async #untilDone<R>(name: string, args: readonly unknown[], summary: Summary): Promise<R> {
    try {
      return await this.#engine.local<R>(name, args, { ...SOME_TRIES, ...summary });
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      return this.#engine.activity<R>(name, args, { ...UNTIL_DONE, ...summary }).result;
    }
  }

  /** What an effect is called with, and `end`, by which its outcome is remembered. */
  #begin(input: unknown): Step {
    const drops = this.#inbox.drops.unreported(MAX_REPORT);
    const strays = this.#inbox.strays.unreported(MAX_REPORT);
    const event = eventIn(input);
    const context: StepContext = {
      orderId: this.orderId,
      runId: this.#engine.runId,
      now: this.#engine.now(),
      drops: [...drops.values()],
      strays: [...strays.values()],
      refusedBefore: event ? this.#inbox.timesRefused(event) : 0,
    };
    const end: Step['end'] = (outcome) => {
      this.#inbox.drops.reported(drops);
      this.#inbox.strays.reported(strays);
      if (event) this.#remember(event, outcome);
      return outcome;
    };
    return { args: [context, input], summary: event ? { summary: event.type } : {}, end };
  }

  #remember(event: SagaEvent, { accepted, repeated }: Outcome<unknown>): void {
    if (repeated) this.#inbox.repeated(event);
    if (accepted) this.#inbox.accept(event);
    else this.#inbox.refused(event);
  }
}

/** So many facts an effect carries at most; what is left goes with the next one. */
const MAX_REPORT = 50;

type Summary = Pick<Tries, 'summary'>;

interface Step {
  readonly args: readonly [StepContext, unknown];
  readonly summary: Summary;
  readonly end: <Done extends Outcome<unknown>>(outcome: Done) => Done;
}

function eventIn(input: unknown): SagaEvent | undefined {
  const isEvent =
    typeof input === 'object' && input !== null && 'type' in input && isEventType(String(input.type));
  return isEvent ? (input as SagaEvent) : undefined;
}
