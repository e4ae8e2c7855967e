import { parentPort } from 'node:worker_threads';
import type { Batch, BatchReport, Failure } from '../core/simulation/campaign.js';
import { choicesOf } from '../core/simulation/choices.js';
import { runWorld } from './world.js';

/** One thread of a campaign: runs the batches of worlds that it is sent. */
parentPort?.on('message', (batch: Batch) => {
  void run(batch).then((report) => parentPort?.postMessage(report));
});

async function run({ seed, worlds }: Batch): Promise<BatchReport> {
  const failures: Failure[] = [];
  const outcomes: Record<string, number> = {};
  for (let world = seed; world < seed + worlds; world++) {
    const { broken, stored } = await runWorld(choicesOf(world));
    for (const { order } of Object.values(stored.rows)) {
      const status = order?.status ?? 'NOTHING';
      outcomes[status] = (outcomes[status] ?? 0) + 1;
    }
    if (broken.length > 0) failures.push({ seed: world, broken });
  }
  return { seed, worlds, failures, outcomes };
}
