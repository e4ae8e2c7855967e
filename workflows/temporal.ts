import {
  ActivityCancellationType,
  TemporalFailure,
  CancellationScope,
  condition,
  scheduleActivity,
  scheduleLocalActivity,
  setCurrentDetails,
  setDefaultSignalHandler,
  workflowInfo,
  type ActivityOptions,
  type LocalActivityOptions,
} from '@temporalio/workflow';
import type { Outcome, StepContext } from '../activities/step.js';
import { isEventType, type EventType } from '../schemas/catalogue.js';
import type { SagaEvent } from '../schemas/event.js';
import type { EpochMillis, OrderId } from '../schemas/ids.js';
import { Inbox } from './inbox.js';
import type { Deadline, EffectMap, EffectName, Input, Result, RetryPolicy, Saga, Waiting } from './saga.js';

/** One statement of an effect may take 2 s; the workflow task that holds a local activity may take 10 s. */
const ONE_TRY: LocalActivityOptions = { startToCloseTimeout: '4s', retry: { maximumAttempts: 1 } };

/** Some tries at once, as local activities: cheap, and trouble mostly passes. */
const SOME_TRIES: LocalActivityOptions = {
  startToCloseTimeout: '4s',
  scheduleToCloseTimeout: '5s',
  // After 0.1, 0.2, 0.4, 0.8 and 1.6 s; the attempts bound it, since retries can outlive scheduleToCloseTimeout.
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumAttempts: 6 },
};

/** Then as a regular activity for as long as it takes: visible in the Web UI, and signals keep flowing. */
const UNTIL_DONE: ActivityOptions = {
  startToCloseTimeout: '10s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
};

type Participant<Effects extends EffectMap, Rest extends unknown[]> = (
  saga: Saga<Effects>,
  ...rest: Rest
) => Promise<void>;

/**
 * Lets Temporal run a participant. It closes with an empty inbox only: a signal that arrives during its last
 * step makes Temporal run that task again, and the participant then goes over it once more. A cancellation of
 * the workflow is ignored, since half a saga helps nobody; terminating it still works.
 */
export function hosted<Effects extends EffectMap, Rest extends unknown[]>(
  participant: Participant<Effects, Rest>,
  onRow: (row: unknown) => void = () => undefined,
): (orderId: OrderId, ...rest: Rest) => Promise<void> {
  return (orderId, ...rest) => {
    const inbox = new Inbox();
    setDefaultSignalHandler((signalName, ...args) => inbox.deliver(signalName, args));
    return host(orderId, inbox, (saga: Saga<Effects>) => participant(saga, ...rest), onRow);
  };
}

/** Runs the participant until its inbox is empty and everything it dropped or refused is on record. */
export function host<Effects extends EffectMap>(
  orderId: OrderId,
  inbox: Inbox,
  participant: (saga: Saga<Effects>) => Promise<void>,
  onRow: (row: unknown) => void,
): Promise<void> {
  return CancellationScope.nonCancellable(async () => {
    const saga = new TemporalSaga<Effects>(orderId, inbox, onRow);
    do {
      await participant(saga);
      await saga.reportTheRest();
    } while (!inbox.isEmpty);
  });
}

class TemporalSaga<Effects extends EffectMap> implements Saga<Effects> {
  readonly orderId: OrderId;
  readonly #inbox: Inbox;
  readonly #onRow: (row: unknown) => void;

  constructor(orderId: OrderId, inbox: Inbox, onRow: (row: unknown) => void) {
    this.orderId = orderId;
    this.#inbox = inbox;
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
    const summary = `waiting for ${waiting.waitingFor}`;
    setCurrentDetails(summary);
    if (waiting.at === undefined) await condition(isHere);
    else if (!isHere() && waiting.at > Date.now())
      await condition(isHere, waiting.at - Date.now(), { summary });
    return this.#inbox.take(types);
  }

  once<Name extends EffectName<Effects>>(effect: Name, input: Input<Effects, Name>): Result<Effects, Name> {
    return this.#run(effect, input, scheduleLocalActivity, ONE_TRY);
  }

  async ensure<Name extends EffectName<Effects>>(
    effect: Name,
    input: Input<Effects, Name>,
  ): Result<Effects, Name> {
    try {
      return await this.#run(effect, input, scheduleLocalActivity, SOME_TRIES);
    } catch (error) {
      // A local activity fails with its own ApplicationFailure or a TimeoutFailure, not always an ActivityFailure.
      if (!(error instanceof TemporalFailure)) throw error;
      return this.#run(effect, input, scheduleActivity, UNTIL_DONE);
    }
  }

  async retry<Name extends EffectName<Effects>>(
    effect: Name,
    input: Input<Effects, Name>,
    { maximumAttempts, intervalMs }: RetryPolicy,
    stopOn: readonly EventType[],
  ): Promise<Awaited<Result<Effects, Name>> | 'USED_UP' | 'STOPPED'> {
    const attempts = new CancellationScope();
    let hasEnded = false;
    const outcome = attempts
      .run(() =>
        this.#run(effect, input, scheduleActivity, {
          startToCloseTimeout: '30s',
          retry: { maximumAttempts, initialInterval: intervalMs, backoffCoefficient: 1 },
          cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        }),
      )
      .catch((error: unknown) => {
        if (!(error instanceof TemporalFailure)) throw error;
        return undefined;
      })
      .finally(() => (hasEnded = true));
    await condition(() => hasEnded || this.#inbox.has(stopOn));
    if (!hasEnded) attempts.cancel();
    return (await outcome) ?? (this.#inbox.has(stopOn) ? 'STOPPED' : 'USED_UP');
  }

  async publish<Row>({ row, unpublished }: Outcome<Row>): Promise<Row> {
    this.#onRow(row);
    for (const { eventId, type } of unpublished) {
      const args = [eventId];
      try {
        await scheduleLocalActivity('publish', args, { ...SOME_TRIES, summary: type });
      } catch (error) {
        if (!(error instanceof TemporalFailure)) throw error;
        await scheduleActivity('publish', args, { ...UNTIL_DONE, summary: type });
      }
    }
    return row;
  }

  async settleTheRest(...except: readonly EventType[]): Promise<void> {
    for (let event = this.#inbox.takeOther(except); event; event = this.#inbox.takeOther(except))
      await this.publish(await this.ensure('settle', event as Input<Effects, 'settle'>));
  }

  /** Drops and strays travel with effects; what came after the last one gets a look of its own. */
  async reportTheRest(): Promise<void> {
    while (!this.#inbox.drops.isReported || !this.#inbox.strays.isReported)
      await this.publish(await this.ensure('look', null as Input<Effects, 'look'>));
  }

  async #run<Name extends EffectName<Effects>, Options extends ActivityOptions & LocalActivityOptions>(
    effect: Name,
    input: Input<Effects, Name>,
    schedule: <R>(effect: string, args: [StepContext, unknown], options: Options) => Promise<R>,
    options: Options,
  ): Result<Effects, Name> {
    const drops = this.#inbox.drops.unreported(MAX_REPORT);
    const strays = this.#inbox.strays.unreported(MAX_REPORT);
    const context: StepContext = {
      orderId: this.orderId,
      runId: workflowInfo().runId,
      now: Date.now() as EpochMillis,
      drops: [...drops.values()],
      strays: [...strays.values()],
    };
    const event = eventIn(input);
    const summarized = event ? { ...options, summary: event.type } : options;
    const outcome = await schedule<Awaited<Result<Effects, Name>>>(effect, [context, input], summarized);
    this.#inbox.drops.reported(drops);
    this.#inbox.strays.reported(strays);
    if (event && (outcome as Outcome<unknown>).accepted) this.#inbox.accept(event);
    return outcome;
  }
}

/** So many facts an effect carries at most; what is left goes with the next one. */
const MAX_REPORT = 50;

function eventIn(input: unknown): SagaEvent | undefined {
  const isEvent =
    typeof input === 'object' && input !== null && 'type' in input && isEventType(String(input.type));
  return isEvent ? (input as SagaEvent) : undefined;
}
