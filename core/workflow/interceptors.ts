import { workflowInfo, type ActivateInput, type WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { MAX_PAYLOADS } from '../bounds.js';
import { acceptableName } from './signal-names.js';
import { unknownParticipant } from './temporal.js';

type Job = NonNullable<ActivateInput['activation']['jobs']>[number];

/**
 * Changes what arrives from outside so that the SDK can hand it on, whatever it is: the SDK itself fails the workflow
 * task, again and again, over a signal name of its own, and over more payloads than a call takes arguments.
 */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [
    {
      // The SDK looks a type up as a property, and so would run `valueOf`, which fails.
      execute: (input, next) => (workflowInfo().workflowType in {} ? unknownParticipant() : next(input)),
    },
  ],
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

/** What is left is still too many, and so refused. */
const firstOf = <Payload>(payloads: Payload[] | null | undefined): Payload[] =>
  payloads?.slice(0, MAX_PAYLOADS) ?? [];
