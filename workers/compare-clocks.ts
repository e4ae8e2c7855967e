import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import type { Worker } from '@temporalio/worker';
import { databaseTime } from '../core/postgres/database-time.js';
import type { Pool } from '../core/postgres/pool.js';
import { differences, offsetOf, type Offset } from '../platform/clock-offset.js';
import { findPoller } from './find-poller.js';
import type { Observed } from './show-health.js';

const EVERY_MS = 500;
/** Until then Temporal may tell of an earlier worker with the same identity, as in a container that was restarted. */
const TRIES = 10;

/**
 * Warns once, soon after the start, where the clocks of Temporal, the database and this worker differ by more than a
 * second. Business times go by the first two: where these differ, waits last longer or shorter than they should.
 */
export async function compareClocks({ worker, client, pool, log, signal }: Observed): Promise<void> {
  const startedAt = Date.now();
  for (let tries = 1; tries <= TRIES && !signal.aborted; tries++) {
    const found = await readClocks(startedAt, worker, client, pool).then(differences, () => undefined);
    if (found?.length === 0) return;
    if (found && tries === TRIES) log.warn({ differences: found }, `clocks differ: ${found.join('; ')}`);
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function readClocks(
  startedAt: number,
  worker: Worker,
  client: Client,
  pool: Pool,
): Promise<Readonly<Record<string, Offset>>> {
  const poller = await findPoller(worker, client);
  const polledAt = optionalTsToMs(poller?.lastAccessTime);
  if (polledAt === undefined) throw new Error('Temporal does not know this worker yet');
  const temporal = offsetOf(polledAt, startedAt, Date.now());
  const askedAt = Date.now();
  const database = offsetOf(await databaseTime(pool), askedAt, Date.now());
  return { Temporal: temporal, 'the database': database, 'this worker': { least: 0, most: 0 } };
}
