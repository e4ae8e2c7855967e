import { deliverBadly } from '../workers/faults/deliveries.js';
import { faultsFrom } from '../workers/faults/faults.js';
import { surroundingsOf } from '../workers/faults/with-faults.js';
import { seededRandom } from './demo/random.js';
import { runWorkerProcess } from './worker-process.js';

/** Some events come twice, some late, some after others, some not at the first try, and some without telling so. */
const mischief = { refuse: 0.15, delay: 0.2, reorder: 0.1, duplicate: 0.2, deny: 0.15, maxDelayMs: 1_500 };

const random = seededRandom(Number(process.env['MISCHIEF_SEED'] ?? 1));

await runWorkerProcess((deliver, { pool, log }) =>
  deliverBadly(deliver, () => Promise.resolve(mischief), surroundingsOf(faultsFrom(pool, log), log, random)),
);
