import { createPool, type Pool } from '../core/postgres/pool.js';
import type { Environment } from '../platform/environment.js';
import { databaseVariable } from '../platform/variables.js';
import { services, type Service } from '../schemas/services.js';

export type ServicePools = Readonly<Record<Service, Pool>>;

/** For a program that does the work of all services: each one's with its own login. */
export function openServicePools(env: Environment): ServicePools {
  const open = (service: Service) =>
    createPool({
      url: String(env[databaseVariable(service)]),
      applicationName: `benchmark of ${service}`,
      onError: () => undefined,
    });
  return Object.fromEntries(services.map((service) => [service, open(service)])) as Record<Service, Pool>;
}
