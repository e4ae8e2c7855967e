import type { Client } from '@temporalio/client';
import { deliverBySignal, isRunning, wakeBySignal } from '../activity/delivery.js';
import type { Choreography } from '../choreography.js';
import type { SweepSignals } from './sweep.js';

/** A sweep's signals, by Temporal; each rejects when Temporal does not confirm it within 3 s. */
export const sweepSignals = (choreography: Choreography, client: Client): SweepSignals => ({
  deliver: deliverBySignal(choreography, client),
  wake: wakeBySignal(choreography, client),
  isRunning: isRunning(client),
});
