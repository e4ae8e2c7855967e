import {
  ActivityCancellationType,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  currentUpdateInfo,
  defineUpdate,
  patched,
  scheduleActivity,
  scheduleLocalActivity,
  setCurrentDetails,
  setDefaultSignalHandler,
  setHandler,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { Choreography } from '../choreography.js';
import type { EpochMillis, SagaId } from '../event.js';
import { EffectFailure, type Engine, type LocalTries, type Timer, type Tries } from './engine.js';
import { Mailbox } from './mailbox.js';
import type { AnyParticipant, ParticipantResult } from './participant.js';
import { isRetryRequest, RetryGate, type RetryArgument } from './retry-gate.js';
import { runParticipant } from './runtime.js';
import { originalName } from './signal-names.js';
import { flawOfSagaId, flawOfStart } from './wrong-start.js';

export interface HostOptions {
  /** Told every row that the participant has reached. */
  readonly onRow?: (row: unknown) => void;
  /** The name of the Update by which an operator asks a parked participant for a retry. */
  readonly retryUpdate?: string;
}

/** Makes a participant a Temporal workflow: its argument is the saga's id, its result how far it has come. */
export function hosted(
  choreography: Choreography,
  service: string,
  participant: AnyParticipant,
  { onRow, retryUpdate }: HostOptions = {},
): (sagaId: SagaId) => Promise<ParticipantResult> {
  return (sagaId) => {
    refuseWrongStart(service, sagaId);
    const mailbox = new Mailbox(choreography);
    setDefaultSignalHandler((name, ...signalArgs) => mailbox.deliver(originalName(name), signalArgs));
    const engine = temporalEngine();
    const gate = new RetryGate(mailbox, engine);
    if (retryUpdate !== undefined) acceptRetries(retryUpdate, gate);
    const host = { choreography, service, sagaId, mailbox, engine, gate, ...(onRow && { onRow }) };
    // A cancellation of the workflow is ignored, since half a saga helps nobody; terminating it still works.
    return CancellationScope.nonCancellable(() => runParticipant(host, participant));
  };
}

/** For a workflow type that nobody has: exported as the default, it is what Temporal then runs. The run fails at once. */
export function unknownParticipant(): Promise<never> {
  return Promise.reject(wrongStart(`there is no participant ${workflowInfo().workflowType}`));
}

/**
 * Fails a run that could never work: it would be tried again for ever, and keep its id from the saga's own participant.
 * A replay may run under another id and on another queue, so only a new run is asked where it is.
 */
function refuseWrongStart(service: string, sagaId: unknown): void {
  const { workflowId, taskQueue, unsafe } = workflowInfo();
  const flaw = unsafe.isReplaying
    ? flawOfSagaId(sagaId)
    : flawOfStart(service, sagaId, { workflowId, taskQueue });
  if (flaw !== undefined) throw wrongStart(flaw);
}

const wrongStart = (message: string) => ApplicationFailure.nonRetryable(message, 'WRONG_START');

/** An Update is refused unless it says who asks, and the run is parked. */
function acceptRetries(name: string, gate: RetryGate): void {
  const update = defineUpdate<void, [RetryArgument]>(name);
  const idOfUpdate = () => currentUpdateInfo()?.id ?? '';
  setHandler<void, [RetryArgument], typeof update>(
    update,
    ({ operator }) => gate.request(idOfUpdate(), operator),
    {
      validator: (...args) => {
        if (!isRetryRequest(idOfUpdate(), args))
          throw ApplicationFailure.nonRetryable(EXPECTED_REQUEST, 'INVALID_REQUEST');
        if (!gate.isOpen)
          throw ApplicationFailure.nonRetryable('the participant is not parked', 'NOT_PARKED');
      },
    },
  );
}

const EXPECTED_REQUEST =
  'expected { "operator": … }, and names of 1 to 200 characters without control characters for operator and Update';

/** Temporal as the engine of the run that asks for it. */
const temporalEngine = (): Engine => ({
  runId: workflowInfo().runId,
  now: () => Date.now() as EpochMillis,
  until,
  local: <Result>(name: string, args: readonly unknown[], tries: LocalTries) =>
    orEffectFailure(scheduleLocalActivity<Result>(name, [...args], localOptionsOf(tries))),
  activity: <Result>(name: string, args: readonly unknown[], tries: Tries) => {
    const scope = new CancellationScope();
    const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;
    const result = scope.run(() =>
      scheduleActivity<Result>(name, [...args], { ...optionsOf(tries), cancellationType }),
    );
    return { result: orEffectFailure(result), stop: () => scope.cancel() };
  },
  describe: setCurrentDetails,
  isHistoryLong: () => workflowInfo().continueAsNewSuggested,
  isPatched: patched,
  continueAsNew: (sagaId) => continueAsNew(sagaId),
});

async function until(holds: () => boolean, timer?: Timer): Promise<void> {
  if (timer) await condition(holds, timer.ms, { summary: timer.summary });
  else await condition(holds);
}

/** A local activity fails with its own ApplicationFailure or a TimeoutFailure, not always an ActivityFailure. */
async function orEffectFailure<Result>(result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    throw error instanceof TemporalFailure ? new EffectFailure(error.message, { cause: error }) : error;
  }
}

/**
 * The SDK heeds a local activity's `scheduleToCloseTimeout` while a try is in flight, and forgets it when it runs out
 * in the pause between two: so it bounds tries that hang, and the attempts bound those that fail.
 */
const localOptionsOf = ({ budget, ...tries }: LocalTries) => ({
  ...optionsOf(tries),
  ...(budget !== undefined && { scheduleToCloseTimeout: budget }),
});

function optionsOf({ timeout, attempts, firstPause, backoff, longestPause, summary }: Tries) {
  return {
    startToCloseTimeout: timeout,
    retry: {
      initialInterval: firstPause,
      backoffCoefficient: backoff,
      ...(attempts !== undefined && { maximumAttempts: attempts }),
      ...(longestPause !== undefined && { maximumInterval: longestPause }),
    },
    ...(summary !== undefined && { summary }),
  };
}
