import type { Client } from '@temporalio/client';
import type { Pool } from '../core/postgres/pool.js';
import { postgresSweepStore } from '../core/postgres/sweep.js';
import { keepSweeping } from '../core/sweep/keep-sweeping.js';
import { sweepSignals } from '../core/sweep/signals.js';
import { Sweep } from '../core/sweep/sweep.js';
import { changesOfState } from '../platform/changes-of-state.js';
import type { Logger } from '../platform/logger.js';
import { choreography } from '../schemas/catalogue.js';
import type { Service } from '../schemas/services.js';
import type { WorkerConfig } from './config.js';
import { sweptTablesOf } from './services.js';

/** How many orders are taken at once. */
const BATCH = 100;

interface Swept {
  readonly client: Client;
  readonly pool: Pool;
  readonly log: Logger;
}

/** Looks for the service's unfinished work until `signal` aborts, beside whatever else its worker does (R11). */
export async function sweepBeside(
  service: Service,
  { sweep: settings }: Pick<WorkerConfig, 'sweep'>,
  { client, pool, log }: Swept,
  signal: AbortSignal,
): Promise<void> {
  const tables = await sweptTablesOf(service);
  const store = postgresSweepStore(choreography, { pool, tables, settings: { ...settings, batch: BATCH } });
  const sweep = new Sweep(service, store, sweepSignals(choreography, client));
  await keepSweeping(() => sweep.run(), settings, changesOfState(log, 'what the sweep needs'), signal);
}
