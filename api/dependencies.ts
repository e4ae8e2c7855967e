import type { Client } from '@temporalio/client';
import type { Pool } from '../core/postgres/pool.js';
import type { OrderWaits } from '../db/order/place-order.js';
import type { Logger } from '../platform/logger.js';
import type { LoginName } from '../schemas/services.js';
import type { FeedSettings } from './feed/feed.js';

/** What the API needs. The caller opens and closes all of it. */
export interface ApiDependencies {
  /** One per database login. */
  readonly pools: Readonly<Record<LoginName, Pool>>;
  /** May be lazy: while Temporal is down, orders are placed all the same, and requests that need it get a 503. */
  readonly client: Client;
  readonly orderWaits: OrderWaits;
  /** The Web UI's address, for links. */
  readonly temporalUiUrl: string;
  /** The embedded mail catcher; undefined if there is none. */
  readonly mailCatcherUrl?: string | undefined;
  /** Whether faults on demand may be switched; false by default. */
  readonly faultsAllowed?: boolean;
  /** Requests per minute from one address; 0 or undefined for no limit. */
  readonly rateLimit?: number | undefined;
  /** Other origins whose pages may use the API; none by default. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** The names, in lower case, under which the API is reached besides `localhost`; IP addresses are always allowed. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** The metrics endpoints of the workers, by service. */
  readonly workerMetricsUrls?: Readonly<Record<string, string>>;
  readonly log: Logger;
  /** Aborts waits and streams, so that the API can stop. */
  readonly stopping: AbortSignal;
  /** Overrides the live feed's defaults. */
  readonly feed?: Partial<FeedSettings> | undefined;
}
