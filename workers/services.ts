import type { Service } from '../schemas/services.js';
import type { Parts } from './parts.js';

/** What `workers/<service>.ts` exports. */
interface ServiceModule {
  readonly activities: (parts: Parts) => object;
}

/** Each service's activities; a worker loads those of its own service only. */
const modules = {
  order: () => import('./order.js'),
  payment: () => import('./payment.js'),
  inventory: () => import('./inventory.js'),
  notification: () => import('./notification.js'),
} satisfies Record<Service, () => Promise<ServiceModule>>;

/** What creates a service's activities. */
export async function createActivities(service: Service): Promise<(parts: Parts) => object> {
  const { activities } = await modules[service]();
  return activities;
}
