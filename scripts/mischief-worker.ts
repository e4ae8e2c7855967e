import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from './demo/random.js';
import { mischievous } from './mischief.js';
import { runWorkerProcess } from './worker-process.js';

const random = seededRandom(Number(process.env['MISCHIEF_SEED'] ?? 1));

await runWorkerProcess((deliver, log) =>
  mischievous(deliver, { random, sleep, say: (what) => log.debug(`mischief: ${what}`) }),
);
