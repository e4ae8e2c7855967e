import { runWorkerProcess } from '../bin/worker-process.js';
import { deliverBadly } from '../workers/faults/deliveries.js';
import { faultsFrom } from '../workers/faults/faults.js';
import { surroundingsOf } from '../workers/faults/with-faults.js';
import { seededRandom } from './demo/random.js';

/**
 * Some events come twice, some late, some after others, some not at the first try, and some although the publisher is
 * told that they did not. Publishing retries from the first subscriber, with ever longer pauses: at twice the chances
 * of `refuse` and `deny`, one to three events would now and then take minutes.
 */
const chances = { refuse: 0.06, delay: 0.25, reorder: 0.1, duplicate: 0.3, deny: 0.06, maxDelayMs: 1_000 };

const random = seededRandom(Number(process.env['CHAOS_SEED'] ?? 1));

await runWorkerProcess((deliver, { pool, log }) =>
  deliverBadly(deliver, () => Promise.resolve(chances), surroundingsOf(faultsFrom(pool, log), log, random)),
);
