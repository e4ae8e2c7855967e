import type { Client } from '@temporalio/client';
import type { Pool } from '../core/postgres/pool.js';
import type { Logger } from '../platform/logger.js';
import type { LoginName } from '../schemas/services.js';
import type { FeedSettings } from './feed/feed.js';

/** What the API stands on; nothing of it is opened or closed here. */
export interface ApiDependencies {
  /** Each logs in with its own role. */
  readonly pools: Readonly<Record<LoginName, Pool>>;
  /** May be lazy: without Temporal the API answers 503 where it needs it. */
  readonly client: Client;
  /** Where the Web UI is, for links. */
  readonly temporalUiUrl: string;
  /** Lists what the embedded mail catcher got; undefined where there is none. */
  readonly mailCatcherUrl?: string | undefined;
  /** Whether faults on demand may be switched; not, where it is left out. */
  readonly faultsAllowed?: boolean;
  /** Requests a minute that one address may send; 0, or undefined, is no limit. */
  readonly rateLimit?: number | undefined;
  /** Whose pages may use the API from a browser; none but our own where this is undefined. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Where each worker that tells its metrics does so, by service. */
  readonly workerMetricsUrls?: Readonly<Record<string, string>>;
  readonly log: Logger;
  /** Ends all waiting for orders and all streams, so that the API can stop. */
  readonly stopping: AbortSignal;
  /** Where the live feed differs from the standard. */
  readonly feed?: Partial<FeedSettings> | undefined;
}
