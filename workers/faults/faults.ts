import { countAttempts } from '../../db/faults/count-attempts.js';
import { findFaults } from '../../db/faults/find-faults.js';
import { isOvertaken } from '../../db/faults/is-overtaken.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { changesOfState } from '../../platform/changes-of-state.js';
import type { WorkerConfig } from '../config.js';
import type { Logger } from '../../platform/logger.js';
import { noFaults, type FaultSettings } from '../../schemas/faults.js';
import type { EventId } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Service } from '../../schemas/services.js';

/** What faults on demand are decided by, read anew at each use, so that a change takes effect at once. */
export interface Faults {
  /** What shall go wrong in a service now. */
  readonly settings: <Name extends Service>(service: Name) => Promise<FaultSettings[Name]>;
  /** How many attempts to tell the customer an order has had, with the one under way. */
  readonly attempts: (orderId: OrderId) => Promise<number>;
  /** Whether a later event of the same order has reached the subscriber. */
  readonly isOvertaken: (eventId: EventId, subscriber: string) => Promise<boolean>;
}

export interface OpenFaults extends Faults {
  close(): Promise<void>;
}

/**
 * Undefined unless the worker was started with them allowed: nothing is then wrapped, and no switch ever read.
 * They have connections of their own, so that a service whose connections all hang still hears of its switch.
 */
export function openFaults(
  { faultsAllowed, databaseUrl, service }: Pick<WorkerConfig, 'faultsAllowed' | 'databaseUrl' | 'service'>,
  log: Logger,
): OpenFaults | undefined {
  if (!faultsAllowed) return undefined;
  const pool = createPool({
    url: databaseUrl,
    applicationName: `faults of ${service}`,
    maxConnections: 2,
    onError: (error) => log.debug({ err: error }, 'an idle database connection broke'),
  });
  return { ...faultsFrom(pool, log), close: () => pool.end() };
}

/** What cannot be read counts as no fault; that is logged once, and once more when it can be read again. */
export function faultsFrom(pool: Pool, log: Logger): Faults {
  const say = changesOfState(log, 'the table of faults');
  const unlessAway = async <T>(read: Promise<T>, otherwise: T): Promise<T> => {
    try {
      const found = await read;
      say(undefined);
      return found;
    } catch (error) {
      say(error);
      return otherwise;
    }
  };
  return {
    settings: (service) => unlessAway(findFaults(pool, service), noFaults[service]),
    attempts: (orderId) => unlessAway(countAttempts(pool, orderId), Number.POSITIVE_INFINITY),
    isOvertaken: (eventId, subscriber) => unlessAway(isOvertaken(pool, eventId, subscriber), true),
  };
}
