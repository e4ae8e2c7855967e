import type { StoredState } from '../database.js';
import type { Activities, Execution } from '../worker.js';
import { InHand, type Workers } from './in-hand.js';
import type { SteppedScheduler } from './stepped.js';

/** The same activities, watched: each step of theirs is known to be that of one execution. */
export const watched =
  (
    service: string,
    activities: Activities,
    parts: {
      readonly scheduler: SteppedScheduler;
      readonly workers: Workers;
      readonly stored: () => StoredState;
    },
  ): Activities =>
  (name, args, execution) => {
    const { scheduler, workers, stored } = parts;
    const inHand = new InHand(service, [name, args, execution.attempt], workers);
    const watchedExecution: Execution = {
      attempt: execution.attempt,
      turn: async (what, faults) => {
        scheduler.offeredBy(inHand);
        const fault = await execution.turn(what, faults);
        inHand.experience.push({ what, fault, stored: stored() });
        return fault;
      },
      giveWay: (what) => execution.giveWay(what),
      hang: () => {
        inHand.experience.push({ what: 'hangs', fault: undefined, stored: stored() });
        return execution.hang();
      },
    };
    return activities(name, args, watchedExecution);
  };
