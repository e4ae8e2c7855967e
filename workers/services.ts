import { activitiesOf } from '../core/worker.js';
import type { SweptTables } from '../core/postgres/sweep.js';
import { choreography } from '../schemas/catalogue.js';
import type { Service } from '../schemas/services.js';
import type { Parts } from './parts.js';

/** What `workers/<service>.ts` exports. */
interface ServiceModule {
  readonly effects: (parts: Parts) => object;
  /** What its sweep looks at. */
  readonly tables: SweptTables;
}

/** What each worker is made of; it loads its own service's only. */
const modules = {
  order: () => import('./order.js'),
  payment: () => import('./payment.js'),
  inventory: () => import('./inventory.js'),
  notification: () => import('./notification.js'),
} satisfies Record<Service, () => Promise<ServiceModule>>;

/** What creates a service's activities: its effects, and the one that publishes what they emit. */
export async function createActivities(service: Service): Promise<(parts: Parts) => object> {
  const { effects } = await modules[service]();
  return (parts) => activitiesOf(choreography, effects(parts), parts);
}

export async function sweptTablesOf(service: Service): Promise<SweptTables> {
  const { tables } = await modules[service]();
  return tables;
}
