import type { Outcome, StepContext } from '../activities/step.js';
import type { EventType } from '../schemas/catalogue.js';
import type { SagaEvent } from '../schemas/event.js';
import type { EpochMillis, OrderId } from '../schemas/ids.js';

/**
 * All that a participant knows of the world. It speaks of events, effects and deadlines; Temporal is behind
 * it (`temporal.ts`), and a simulation can be.
 */
export interface Saga<Effects extends EffectMap> {
  readonly orderId: OrderId;

  /** The first event of these types that is here already; never waits. */
  take<Type extends EventType>(...types: readonly Type[]): SagaEvent<Type> | undefined;

  /**
   * Selective receive: the first event of these types, waiting for it if need be, or undefined once the
   * deadline has passed. The inbox comes before the clock (R3); events of other types stay where they are.
   */
  receive<Type extends EventType>(
    types: readonly Type[],
    deadline: Deadline,
  ): Promise<SagaEvent<Type> | undefined>;
  receive<Type extends EventType>(types: readonly Type[], waiting: Waiting): Promise<SagaEvent<Type>>;

  /** Runs an effect once and throws when it fails: its outcome is then unknown. */
  once<Name extends EffectName<Effects>>(effect: Name, input: Input<Effects, Name>): Result<Effects, Name>;

  /** Runs an effect until it has succeeded, however long that takes. */
  ensure<Name extends EffectName<Effects>>(effect: Name, input: Input<Effects, Name>): Result<Effects, Name>;

  /**
   * Runs an effect with Temporal's retries until it succeeds or its attempts, perhaps none, are used up, and races
   * it against an event of these types, which stops it: an attempt in flight is awaited, and no further one begins.
   */
  retry<Name extends EffectName<Effects>>(
    effect: Name,
    input: Input<Effects, Name>,
    policy: RetryPolicy,
    stopOn: readonly EventType[],
  ): Promise<Awaited<Result<Effects, Name>> | 'USED_UP' | 'STOPPED'>;

  /** Publishes what the step left to publish, oldest first, and returns the row. */
  publish<Row>(outcome: Outcome<Row>): Promise<Row>;

  /**
   * Applies by `settle` every event that nobody asked for. Those excepted stay in the inbox: they are what the
   * participant begins with, and it is run once more while anything is there.
   */
  settleTheRest(options?: { readonly except: readonly EventType[] }): Promise<void>;
}

/** `waitingFor` is what the Web UI shows beside the wait. */
export interface Waiting {
  readonly waitingFor: string;
}

export interface Deadline extends Waiting {
  readonly at: EpochMillis;
}

export interface RetryPolicy {
  readonly maximumAttempts: number;
  readonly intervalMs: number;
}

/** Effects by name; each service's own, and all of them have `settle` and `look`. */
export type EffectMap = Readonly<Record<string, EffectFunction>> & {
  readonly settle: EffectFunction;
  readonly look: EffectFunction;
};

// `never` as input makes every effect assignable here; its real type comes back through Input.
type EffectFunction = (context: StepContext, input: never) => Promise<Outcome<unknown>>;

export type EffectName<Effects> = keyof Effects & string;

export type Input<Effects extends EffectMap, Name extends EffectName<Effects>> = Parameters<Effects[Name]>[1];

export type Result<Effects extends EffectMap, Name extends EffectName<Effects>> = Promise<
  Awaited<ReturnType<Effects[Name]>>
>;
