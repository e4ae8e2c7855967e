import type { Deliver } from '../activities/publish.js';
import type { Pool } from '../db/pool.js';
import type { WorkerConfig } from '../platform/config.js';

/** What a service's activities are built from; the composition root fills it in. */
export interface Parts {
  readonly pool: Pool;
  readonly deliver: Deliver;
  readonly config: Pick<WorkerConfig, 'waits' | 'notification' | 'mail'>;
}
