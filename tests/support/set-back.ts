import { ApplicationFailure, type PayloadCodec } from '@temporalio/common';

const MARK = 'the worker dies here';

/** What an activity throws whose worker is to die. */
export const workerDies = () => ApplicationFailure.nonRetryable('the worker dies', 'WorkerDies', MARK);

/** What the workflow task then fails with. */
export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';
}

/**
 * For a worker's data converter. Where an activity has thrown `workerDies`, the workflow task fails: nothing of it
 * is kept, and the participant is replayed from its last completed task, with all that has been signalled since.
 * That is what the death of the process does, without the 10 s in which the server waits for it.
 */
export const setBack: PayloadCodec = {
  encode: (payloads) => Promise.resolve(payloads),
  decode: (payloads) =>
    payloads.some(({ data }) => data && Buffer.from(data).includes(MARK))
      ? Promise.reject(new WorkerDied())
      : Promise.resolve(payloads),
};
