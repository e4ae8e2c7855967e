import type { ActivateInput, WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { acceptableName } from './signal-names.js';

type Job = NonNullable<ActivateInput['activation']['jobs']>[number];

/**
 * Changes what arrives from outside so that the SDK can hand it on, whatever it is: the SDK itself fails the workflow
 * task, again and again, over a signal name of its own, and over more payloads than a call takes arguments.
 */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  internals: [
    {
      activate: (input, next) => {
        for (const job of input.activation.jobs ?? []) makeAcceptable(job);
        next(input);
      },
    },
  ],
});

function makeAcceptable({ initializeWorkflow, signalWorkflow, doUpdate, queryWorkflow }: Job): void {
  if (initializeWorkflow) initializeWorkflow.arguments = firstOf(initializeWorkflow.arguments);
  if (signalWorkflow) {
    signalWorkflow.signalName = acceptableName(signalWorkflow.signalName ?? '');
    signalWorkflow.input = firstOf(signalWorkflow.input);
  }
  if (doUpdate) doUpdate.input = firstOf(doUpdate.input);
  if (queryWorkflow) queryWorkflow.arguments = firstOf(queryWorkflow.arguments);
}

/** Nothing takes as many, so what is left is refused as well. 2 MiB have room for a million empty payloads. */
const MAX_PAYLOADS = 10;

const firstOf = <Payload>(payloads: Payload[] | null | undefined): Payload[] =>
  payloads?.slice(0, MAX_PAYLOADS) ?? [];
