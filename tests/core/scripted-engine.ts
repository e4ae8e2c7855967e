import type { EpochMillis, SagaId } from '../../core/event.js';
import { EffectFailure, type Engine, type Timer, type Tries } from '../../core/workflow/engine.js';
import { Mailbox } from '../../core/workflow/mailbox.js';
import type { Host } from '../../core/workflow/participant.js';
import { RetryGate } from '../../core/workflow/retry-gate.js';
import { choreography as example } from '../../examples/hello-choreography/choreography.js';

export const sagaId = '2f0c1c62-7c09-4b53-9d0e-0f4b7c1c0001' as SagaId;

/** An activity that a participant has asked for. */
export interface Call {
  readonly kind: 'local' | 'regular';
  readonly name: string;
  readonly args: readonly unknown[];
  readonly tries: Tries;
}

/** What an activity ends with; an error is a failure for good. */
export type Ends = (call: Call) => unknown;

export const NOW = 1_750_000_000_000;

const hello = { choreography: example, service: 'courier' };

/** An engine whose activities end as a test says, and whose clock only a test moves. */
export function scripted(ends: Ends, { choreography, service } = hello) {
  const calls: Call[] = [];
  const timers: (Timer | undefined)[] = [];
  const told: string[] = [];
  let stopped = 0;
  const clock = { now: NOW, isHistoryLong: false };
  const run = async (call: Call) => {
    calls.push(call);
    const end = await ends(call);
    if (end instanceof Error) throw end;
    return end as never;
  };
  const engine: Engine = {
    runId: 'the run',
    now: () => clock.now as EpochMillis,
    until: async (holds, timer) => {
      timers.push(timer);
      const isOver = () => timer !== undefined && clock.now >= NOW + timer.ms;
      while (!holds() && !isOver()) await new Promise(setImmediate);
    },
    local: (name, args, tries) => run({ kind: 'local', name, args, tries }),
    activity: (name, args, tries) => ({
      result: run({ kind: 'regular', name, args, tries }),
      stop: () => void stopped++,
    }),
    describe: (details) => void told.push(details),
    isHistoryLong: () => clock.isHistoryLong,
    isPatched: (name) => name === 'patched',
    continueAsNew: () => Promise.reject(new Error('continues as new')),
  };
  const mailbox = new Mailbox(choreography);
  const host: Host = {
    ...{ choreography, service, sagaId, mailbox, engine },
    gate: new RetryGate(mailbox, engine),
  };
  return { host, mailbox, calls, timers, told, clock, stops: () => stopped };
}

export const failed = () => new EffectFailure('it failed for good');
