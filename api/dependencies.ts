import type { Client } from '@temporalio/client';
import type { Pool } from '../db/pool.js';
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
  readonly log: Logger;
  /** Ends all waiting for orders and all streams, so that the API can stop. */
  readonly stopping: AbortSignal;
  /** Where the live feed differs from the standard. */
  readonly feed?: Partial<FeedSettings> | undefined;
}
