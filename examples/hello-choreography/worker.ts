import { documentRows } from '../../core/postgres/document-rows.js';
import type { Pool } from '../../core/postgres/pool.js';
import { postgresStore } from '../../core/postgres/store.js';
import { createWorker, type WorkerParts } from '../../core/worker.js';
import { courierEffects, lockerEffects, nothing } from './activities.js';
import { choreography } from './choreography.js';

const effectsOf = { courier: courierEffects, locker: lockerEffects };

/** A service's own tables; `pool` logs in as its role. */
export function parcelStore(service: keyof typeof effectsOf, pool: Pool) {
  const rows = documentRows(choreography, `${service}.parcels`, nothing);
  return postgresStore(choreography, { service, pool, inbox: `${service}.inbox`, rows });
}
export const parcelWorker = (service: keyof typeof effectsOf, parts: WorkerParts) =>
  createWorker(choreography, service, effectsOf[service](parcelStore(service, parts.pool)), parts);
