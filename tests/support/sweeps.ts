import { postgresSweepStore, type PostgresSweep } from '../../core/postgres/sweep.js';
import { sweepSignals } from '../../core/sweep/signals.js';
import { Sweep } from '../../core/sweep/sweep.js';
import { choreography } from '../../schemas/catalogue.js';
import { services, type Service } from '../../schemas/services.js';
import { sweptTablesOf } from '../../workers/services.js';
import type { World } from './saga-world.js';

/** Each service's sweep on a world's servers; a test says when. */
export async function sweepsOf(
  { db, env }: Pick<World, 'db' | 'env'>,
  settings: PostgresSweep['settings'],
): Promise<Readonly<Record<Service, Sweep>>> {
  const signals = sweepSignals(choreography, env.client);
  const sweepOf = async (service: Service) => {
    const store = postgresSweepStore(choreography, {
      pool: db.pools[service],
      tables: await sweptTablesOf(service),
      settings,
    });
    return [service, new Sweep(service, store, signals)] as const;
  };
  return Object.fromEntries(await Promise.all(services.map(sweepOf))) as Record<Service, Sweep>;
}
