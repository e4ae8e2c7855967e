import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  continueAsNew,
  patched,
  scheduleActivity,
  scheduleLocalActivity,
  setCurrentDetails,
  setDefaultSignalHandler,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { EpochMillis, OrderId } from '../schemas/ids.js';
import { StepFailure, type Engine, type LocalTries, type Timer, type Tries } from './engine.js';
import { host } from './hosting.js';
import { Inbox } from './inbox.js';
import type { EffectMap, Saga } from './saga.js';

/** Lets Temporal run a participant: a workflow whose first argument is the order id. */
export function hosted<Effects extends EffectMap, Rest extends unknown[]>(
  participant: (saga: Saga<Effects>, ...rest: Rest) => Promise<void>,
  onRow?: (row: unknown) => void,
): (orderId: OrderId, ...rest: Rest) => Promise<void> {
  return (orderId, ...rest) => {
    const where = { orderId, inbox: signalledInbox(), engine: temporalEngine(), ...(onRow && { onRow }) };
    return untilTheEnd(() => host<Effects>(where, (saga) => participant(saga, ...rest)));
  };
}

/** The inbox of this run, which every signal goes to, whatever its name. */
export function signalledInbox(): Inbox {
  const inbox = new Inbox();
  setDefaultSignalHandler((signalName, ...args) => inbox.deliver(signalName, args));
  return inbox;
}

/** A cancellation of the workflow is ignored, since half a saga helps nobody; terminating it still works. */
export const untilTheEnd = (run: () => Promise<void>): Promise<void> => CancellationScope.nonCancellable(run);

/** Temporal as the engine of the run that asks for it. */
export const temporalEngine = (): Engine => ({
  runId: workflowInfo().runId,
  now: () => Date.now() as EpochMillis,
  until,
  local: <Result>(name: string, args: readonly unknown[], tries: LocalTries) =>
    asStep(scheduleLocalActivity<Result>(name, [...args], localOptionsOf(tries))),
  activity: <Result>(name: string, args: readonly unknown[], tries: Tries) => {
    const scope = new CancellationScope();
    const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;
    const result = scope.run(() =>
      scheduleActivity<Result>(name, [...args], { ...optionsOf(tries), cancellationType }),
    );
    return { result: asStep(result), stop: () => scope.cancel() };
  },
  describe: setCurrentDetails,
  isHistoryLong: () => workflowInfo().continueAsNewSuggested,
  isPatched: patched,
  startAnew: (orderId) => continueAsNew(orderId),
});

async function until(holds: () => boolean, timer?: Timer): Promise<void> {
  if (timer) await condition(holds, timer.ms, { summary: timer.summary });
  else await condition(holds);
}

/** A local activity fails with its own ApplicationFailure or a TimeoutFailure, not always an ActivityFailure. */
async function asStep<Result>(result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    throw error instanceof TemporalFailure ? new StepFailure(error.message, { cause: error }) : error;
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
