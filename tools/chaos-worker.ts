import { deliverBadly } from '../workers/faults/deliveries.js';
import { faultsFrom } from '../workers/faults/faults.js';
import { surroundingsOf } from '../workers/faults/with-faults.js';
import { seededRandom } from './demo/random.js';
import { runWorkerProcess } from '../bin/worker-process.js';

/**
 * Some events come twice, some late, some after others, some not at the first try, and some without telling so. A try
 * to publish begins anew with the first subscriber: with twice the refusals and denials, one to three of them would
 * now and then take minutes, since the outbox pauses longer and longer.
 */
const mischief = { refuse: 0.06, delay: 0.25, reorder: 0.1, duplicate: 0.3, deny: 0.06, maxDelayMs: 1_000 };

const random = seededRandom(Number(process.env['MISCHIEF_SEED'] ?? 1));

await runWorkerProcess((deliver, { pool, log }) =>
  deliverBadly(deliver, () => Promise.resolve(mischief), surroundingsOf(faultsFrom(pool, log), log, random)),
);
