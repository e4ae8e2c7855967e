import {
  ATTEMPT_TIMEOUT_MS,
  type Effect,
  type EffectContext,
  type EffectResult,
  type Timeout,
} from '../activity/effect.js';
import { isAddressedTo, isEventType, type Choreography } from '../choreography.js';
import type { AnyEvent, EpochMillis, EventId, EventOf, SagaId } from '../event.js';
import { isEffectResult } from './effect-result.js';
import { EffectFailure, type LocalTries, type Tries } from './engine.js';
import { Interrupted } from './interrupted.js';
import type { AnyParticipant, Host, ParticipantResult } from './participant.js';
import type { RetryRequest } from './retry-gate.js';

/**
 * All that a participant knows of the world: events, effects and deadlines. `Events` are the payloads by type,
 * `Effects` the service's effects by name; all have `look` and `inspect`. `PatchName` are the names of its patches.
 */
export class ParticipantContext<Events, Effects, PatchName extends string = string> {
  readonly sagaId: SagaId;
  /** Runs an effect until it has succeeded, however long that takes, then publishes what it emitted. */
  readonly ensure: Ensured<Effects>;
  /**
   * Tries an effect once, then publishes what it emitted. Undefined when the try failed: nobody knows whether it was
   * done. (A try that a dying worker left unfinished is run again; the effect drops the repeat.)
   */
  readonly once: TriedOnce<Effects>;
  /**
   * Runs an effect with Temporal's retries until it succeeds or its attempts, perhaps none, are used up, and races it
   * against the events that stop it: an attempt in flight is awaited, and no further one begins.
   */
  readonly retry: Retried<Effects>;
  readonly #host: Host;
  readonly #begins: readonly string[];
  #row: unknown;

  /** An event of the types in `begins`, or a look, interrupts a wait: the participant begins anew. */
  constructor(host: Host, begins: readonly string[]) {
    this.sagaId = host.sagaId;
    this.#host = host;
    this.#begins = begins;
    this.ensure = callsOf((effect, input) => this.#ensure(effect, input));
    this.once = callsOf((effect, input) => this.#once(effect, input));
    this.retry = callsOf((effect, input, policy) => this.#retry(effect, input, policy as RetryPolicy));
  }

  /** The first event of these types that is here already; never waits. */
  take<Type extends TypeOf<Events>>(...types: readonly Type[]): EventOf<Events, Type> | undefined {
    return this.#host.mailbox.take(types) as EventOf<Events, Type> | undefined;
  }

  /**
   * Selective receive: the first event of these types, waiting for it if need be, or a timeout once the deadline has
   * passed. The mailbox comes before the clock (R3); events of other types stay where they are.
   */
  async receive<Type extends TypeOf<Events>, Wait extends string>(
    types: readonly Type[],
    deadline: Deadline<Wait>,
  ): Promise<EventOf<Events, Type> | Timeout<Wait>> {
    const { wait, waitingFor, until, causeId } = deadline;
    const event = await this.#receive(types, waitingFor, until);
    return (event as EventOf<Events, Type> | undefined) ?? { type: 'TIMEOUT', wait, causeId };
  }

  /** Like `receive`, without a deadline. */
  async receiveWhenever<Type extends TypeOf<Events>>(
    types: readonly Type[],
    { waitingFor }: Pick<Deadline, 'waitingFor'>,
  ): Promise<EventOf<Events, Type>> {
    return (await this.#receive(types, waitingFor)) as EventOf<Events, Type>;
  }

  /** Parks until an event of these types arrives, which comes first, or an operator asks for a retry. */
  async park<Type extends TypeOf<Events>>(
    ...types: readonly Type[]
  ): Promise<EventOf<Events, Type> | RetryRequest> {
    const next = await this.#host.gate.park(types, this.#isInterrupted);
    return (next ?? this.#interrupt()) as EventOf<Events, Type> | RetryRequest;
  }

  /** Whether this run has a change of what participants ask Temporal for; one that began before the change has not. */
  isPatched(name: PatchName): boolean {
    return this.#host.engine.isPatched(name);
  }

  get result(): ParticipantResult {
    const { status = 'NOTHING', reason = null } = (this.#row ?? {}) as Partial<ParticipantResult>;
    return { status, reason };
  }

  /** Uses up the mailbox but for what begins the participant anew. What the service has no effect for is inspected. */
  async reactToLateEvents({ begins, react }: AnyParticipant): Promise<void> {
    const { choreography, service, mailbox } = this.#host;
    for (let event = mailbox.takeOther(begins); event; event = mailbox.takeOther(begins)) {
      if (isAddressedTo(choreography, event.type, service)) await react(this as never, event as never);
      else await this.#ensure('inspect', event);
    }
  }

  /** What could not be read is reported by the next effect; what came after the last one gets a look of its own. */
  async reportTheRest(): Promise<void> {
    while (!this.#host.mailbox.malformed.isReported) await this.#ensure('look', null);
  }

  /** Reads the row, and publishes what is undelivered. */
  async lookAgain(): Promise<void> {
    await this.#ensure('look', null);
  }

  readonly #isInterrupted = (): boolean => {
    const { engine, mailbox } = this.#host;
    return mailbox.isLookDue || mailbox.has(this.#begins) || engine.isHistoryLong();
  };

  #interrupt(): never {
    const { mailbox } = this.#host;
    const mustLook = mailbox.isLookDue || mailbox.has(this.#begins);
    throw new Interrupted(mustLook ? 'LOOK_AGAIN' : 'CONTINUE_AS_NEW');
  }

  async #receive(
    types: readonly string[],
    waitingFor: string,
    until?: EpochMillis,
  ): Promise<AnyEvent | undefined> {
    const { engine, mailbox } = this.#host;
    const isOver = () => mailbox.has(types) || this.#isInterrupted();
    const summary = `waiting for ${waitingFor}`;
    engine.describe(summary);
    const now = engine.now();
    if (until === undefined) await engine.until(isOver);
    else if (!isOver() && until > now) await engine.until(isOver, { ms: until - now, summary });
    const event = mailbox.take(types);
    if (!event && this.#isInterrupted()) this.#interrupt();
    return event;
  }

  async #ensure(effect: string, input: unknown): Promise<unknown> {
    const call = this.#call(input);
    this.#host.mailbox.lookIsTaken();
    return this.#publish(call.end(await this.#untilDone(effect, call.args, call.summary, isEffectResult)));
  }

  async #once(effect: string, input: unknown): Promise<unknown> {
    const call = this.#call(input);
    const result = await unlessFailed(
      this.#host.engine.local<EffectResult<unknown>>(effect, call.args, { ...ONE_TRY, ...call.summary }),
    );
    return result && this.#publish(call.end(result));
  }

  async #retry(effect: string, input: unknown, policy: RetryPolicy): Promise<unknown> {
    const { maximumAttempts, intervalMs, stopOn } = policy;
    const { engine, mailbox } = this.#host;
    if (maximumAttempts <= 0) return 'USED_UP';
    const call = this.#call(input);
    const running = engine.activity<EffectResult<unknown>>(effect, call.args, {
      ...{ timeout: ATTEMPT_TIMEOUT_MS, attempts: maximumAttempts, firstPause: intervalMs, backoff: 1 },
      ...call.summary,
    });
    let hasEnded = false;
    const end = (result: unknown) => (isEffectResult(result) ? call.end(result) : undefined);
    const ended = unlessFailed(running.result.then(end)).finally(() => (hasEnded = true));
    await this.#lookUntil(() => hasEnded || mailbox.has(stopOn));
    if (!hasEnded) running.stop();
    const result = await ended;
    if (result) return this.#publish(result);
    return mailbox.has(stopOn) ? 'STOPPED' : 'USED_UP';
  }

  /** A look leaves an attempt alone: the row is read beside it. */
  async #lookUntil(isOver: () => boolean): Promise<void> {
    const { engine, mailbox } = this.#host;
    while (!isOver()) {
      await engine.until(() => isOver() || mailbox.isLookDue);
      if (!isOver()) await this.lookAgain();
    }
  }

  /** Publishes what the effect left to publish, oldest first, and returns the row. */
  async #publish({ row, unpublished }: EffectResult<unknown>): Promise<unknown> {
    this.#row = row;
    this.#host.onRow?.(row);
    for (const { eventId, type } of unpublished)
      await this.#untilDone('publish', [eventId], { summary: type });
    return row;
  }

  async #untilDone<Result>(
    name: string,
    args: readonly unknown[],
    summary: Summary,
    isDone: IsDone = () => true,
  ): Promise<Result> {
    const { engine } = this.#host;
    try {
      return await engine.local<Result>(name, args, { ...SOME_TRIES, ...summary });
    } catch (error) {
      if (!(error instanceof EffectFailure)) throw error;
      return this.#regularly<Result>(name, args, summary, isDone);
    }
  }

  /** Whoever can reach Temporal can end an activity by its id, with any result or failure: then it runs again. */
  async #regularly<Result>(
    name: string,
    args: readonly unknown[],
    summary: Summary,
    isDone: IsDone,
  ): Promise<Result> {
    for (;;) {
      const { result } = this.#host.engine.activity<Result>(name, args, { ...UNTIL_DONE, ...summary });
      const ended = await unlessFailed(result.then((value) => ({ value })));
      if (ended && isDone(ended.value)) return ended.value;
    }
  }

  /** What an effect is called with, and `end`, to be told its result. */
  #call(input: unknown): Call {
    const { choreography, mailbox, engine, sagaId } = this.#host;
    const malformed = mailbox.malformed.unreported(MAX_REPORT);
    const event = eventIn(choreography, input);
    const context: EffectContext = {
      sagaId,
      runId: engine.runId,
      now: engine.now(),
      seen: event ? mailbox.timesSeen(event) : 0,
      malformed: [...malformed.values()],
    };
    const end: Call['end'] = (result) => {
      mailbox.malformed.reported(malformed);
      return result;
    };
    return { args: [context, input], summary: summaryOf(input), end };
  }
}

/** `waitingFor` is what the Web UI shows beside the timer. */
export interface Deadline<Wait extends string = string> {
  readonly wait: Wait;
  readonly waitingFor: string;
  readonly until: EpochMillis;
  /** The event that began the wait. */
  readonly causeId: EventId;
}

export interface RetryPolicy {
  readonly maximumAttempts: number;
  readonly intervalMs: number;
  readonly stopOn: readonly string[];
}

type TypeOf<Events> = keyof Events & string;

type InputOf<Function> = Function extends Effect<infer Input, unknown> ? Input : never;
type RowOf<Function> = Function extends Effect<never, infer Row> ? Row : never;

type Ensured<Effects> = {
  readonly [Name in keyof Effects]: (input: InputOf<Effects[Name]>) => Promise<RowOf<Effects[Name]>>;
};

type TriedOnce<Effects> = {
  readonly [Name in keyof Effects]: (
    input: InputOf<Effects[Name]>,
  ) => Promise<RowOf<Effects[Name]> | undefined>;
};

type Retried<Effects> = {
  readonly [Name in keyof Effects]: (
    input: InputOf<Effects[Name]>,
    policy: RetryPolicy,
  ) => Promise<RowOf<Effects[Name]> | 'USED_UP' | 'STOPPED'>;
};

/** One statement of an effect may take 2 s; the workflow task that holds a local activity may take 10 s. */
const ONE_TRY: LocalTries = { timeout: 4_000, attempts: 1, firstPause: 100, backoff: 2 };

/**
 * Some tries at once, as local activities: cheap, and trouble mostly passes. Pauses of 0.1 to 1.6 s; tries that hang
 * are given up after 5 s together, not each after its own 4 s.
 */
const SOME_TRIES: LocalTries = { timeout: 4_000, budget: 5_000, attempts: 6, firstPause: 100, backoff: 2 };

/** Then as a regular activity for as long as it takes: visible in the Web UI, and signals keep flowing. */
const UNTIL_DONE: Tries = { timeout: 10_000, firstPause: 1_000, backoff: 2, longestPause: 30_000 };

/** An effect reports at most this many malformed signals; the rest goes with the next one. */
const MAX_REPORT = 50;

type Summary = Pick<Tries, 'summary'>;

/** Whether an activity has ended with what it returns. */
type IsDone = (result: unknown) => boolean;

interface Call {
  readonly args: readonly [EffectContext, unknown];
  readonly summary: Summary;
  readonly end: (result: EffectResult<unknown>) => EffectResult<unknown>;
}

/** `calls.post(input)` becomes `call('post', input)`: the activity's name is the effect's. */
const callsOf = (call: (effect: string, ...args: readonly unknown[]) => Promise<unknown>): never =>
  new Proxy(
    {},
    {
      get:
        (_, effect: string) =>
        (...args: readonly unknown[]) =>
          call(effect, ...args),
    },
  ) as never;

async function unlessFailed<Result>(result: Promise<Result>): Promise<Result | undefined> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof EffectFailure)) throw error;
    return undefined;
  }
}

function eventIn(choreography: Choreography, input: unknown): AnyEvent | undefined {
  const isEvent =
    typeof input === 'object' &&
    input !== null &&
    'type' in input &&
    isEventType(choreography, String(input.type));
  return isEvent ? (input as AnyEvent) : undefined;
}

/** What the Web UI shows beside an effect: the event or the timeout that it answers. */
function summaryOf(input: unknown): Summary {
  const { type, wait } = (input ?? {}) as Partial<Timeout>;
  if (type === undefined) return {};
  return { summary: type === 'TIMEOUT' ? `${wait} timeout` : type };
}
