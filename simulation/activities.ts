import { createPublish } from '../core/activity/outbox.js';
import type { Fate } from '../core/simulation/database.js';
import { transactionFaults } from '../core/simulation/faults.js';
import type { Activities, Execution } from '../core/simulation/worker.js';
import { choreography } from '../schemas/catalogue.js';
import { services, type Service } from '../schemas/services.js';
import type { Ports } from './ports.js';
import { simulatedServices } from './services.js';

/** The real effects and the real publish step; what they stand on is simulated, and fails as the world wants. */
export function activitiesIn(world: Ports): Readonly<Record<Service, Activities>> {
  const { database } = world;
  const publish = (execution: Execution) =>
    createPublish(
      choreography,
      {
        find: (eventId) => Promise.resolve(database.find(eventId)),
        markDelivered: async (eventId, subscribers) => {
          const fate = await fateOf(execution, 'marks the event delivered')();
          if (fate === 'FAILS') throw new Error('rolled back');
          database.markDelivered(eventId, subscribers);
          if (fate === 'ANSWER_LOST') throw new Error('committed, but the answer was lost');
        },
      },
      world.deliver(execution),
    );
  const run =
    (service: Service): Activities =>
    (name, args, execution) => {
      const fate = fateOf(execution, name);
      const effects = simulatedServices[service].effects({ world, fate, execution, input: args[1] });
      const activities = { ...effects, publish: publish(execution) } as Readonly<Record<string, Activity>>;
      const activity = activities[name];
      if (!activity) throw new Error(`${service} has no activity ${name}`);
      return activity(...args);
    };
  return Object.fromEntries(services.map((service) => [service, run(service)])) as Record<
    Service,
    Activities
  >;
}

type Activity = (...args: readonly unknown[]) => Promise<unknown>;

/**
 * Before each transaction the execution takes its turn, and may hang until nobody waits for it any more; within it, others
 * may come between two statements.
 */
export function fateOf(execution: Execution, what: string): Fate {
  const fate = async () => {
    const fault = await execution.turn(`is about to commit: ${what}`, transactionFaults);
    if (fault === 'HANGS') await execution.hang();
    return fault === undefined || fault === 'HANGS' ? 'COMMITS' : fault;
  };
  const between = () => execution.giveWay(`is within its transaction: ${what}`);
  return Object.assign(fate, { between });
}
