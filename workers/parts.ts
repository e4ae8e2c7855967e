import type { Deliver } from '../core/activity/outbox.js';
import type { Pool } from '../core/postgres/pool.js';
import type { WorkerConfig } from './config.js';
import type { Faults } from './faults/faults.js';

/** What a service's activities are built from; the composition root fills it in. */
export interface Parts {
  readonly pool: Pool;
  readonly deliver: Deliver;
  readonly config: Pick<WorkerConfig, 'waits' | 'notification' | 'mail'>;
  /** Only where faults on demand are allowed: what is built then has them around its ports. */
  readonly faults?: Faults | undefined;
}
