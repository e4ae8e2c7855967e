import { documentRows } from '../../core/postgres/document-rows.js';
import { postgresStore } from '../../core/postgres/store.js';
import { createWorker, type WorkerParts } from '../../core/worker.js';
import { courierEffects, lockerEffects, nothing } from './activities.js';
import { choreography } from './choreography.js';

const effectsOf = { courier: courierEffects, locker: lockerEffects };

/** The worker of one service, on that service's own tables. */
export function parcelWorker(service: keyof typeof effectsOf, parts: WorkerParts) {
  const rows = documentRows(choreography, `${service}.parcels`, nothing);
  const store = postgresStore(choreography, { service, pool: parts.pool, inbox: `${service}.inbox`, rows });
  return createWorker(choreography, service, effectsOf[service](store), parts);
}
