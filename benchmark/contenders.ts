import { byHttp, direct } from './choreography/contenders.js';
import type { Contender } from './contender.js';
import { restate } from './restate/contender.js';
import { outbox } from './outbox/contender.js';
import { dbos } from './dbos/contender.js';
import { guarded, plain, plainLocally } from './orchestrated/contenders.js';

/** Every other one is compared with this. */
export const BASELINE = plain.name;

/** In the order in which they are shown. */
export const contenders: readonly Contender[] = [
  direct,
  byHttp,
  plain,
  plainLocally,
  guarded,
  outbox,
  dbos,
  restate,
];
