import { postgresSweepStore } from '../../core/postgres/sweep.js';
import { sweepSignals } from '../../core/sweep/signals.js';
import { Sweep } from '../../core/sweep/sweep.js';
import { choreography } from '../../schemas/catalogue.js';
import { services } from '../../schemas/services.js';
import { sweptTablesOf } from '../../workers/services.js';
import type { World } from './saga-world.js';

/**
 * A sweep of each service, as a long time later: nothing is young any more, whatever time the time-skipping server has.
 * Resolves with whether one of them has signalled anything.
 */
export async function sweepAll({ db, env }: World): Promise<boolean> {
  let hasSignalled = false;
  for (const service of services) {
    const settings = { graceMs: -TEN_YEARS, stuckAfterMs: TEN_YEARS, batch: 100 };
    const tables = await sweptTablesOf(service);
    const store = postgresSweepStore(choreography, { pool: db.pools[service], tables, settings });
    const { wake, deliver, isRunning } = sweepSignals(choreography, env.client);
    const noting =
      <Args extends readonly unknown[]>(signal: (...args: Args) => Promise<void>) =>
      (...args: Args) => {
        hasSignalled = true;
        return signal(...args);
      };
    await new Sweep(service, store, { wake: noting(wake), deliver: noting(deliver), isRunning }).run();
  }
  return hasSignalled;
}

const TEN_YEARS = 10 * 365 * 86_400_000;
