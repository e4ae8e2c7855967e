import { orderStore } from '../../db/order/orders.js';
import { placeOrder } from '../../db/order/place-order.js';
import type { OrderId } from '../../schemas/ids.js';
import ms, { type StringValue } from 'ms';
import type { Contender, NewOrder } from '../contender.js';
import { storePlainOrder } from '../plain/place.js';
import { orderWaits } from '../order-waits.js';
import { projectProgram } from '../servers/programs.js';
import type { Servers } from '../servers/servers.js';
import { taskQueueOf, type Kind } from './task-queue.js';

const workflowIdOf = (orderId: OrderId): string => `saga-${orderId}`;

const orchestrated = (kind: Kind): Pick<Contender, 'usesTemporal' | 'programs' | 'workflowIdsOf'> => ({
  usesTemporal: true,
  programs: ({ env }) => [
    {
      ...{
        name: `${kind} worker`,
        group: 'workers',
        command: projectProgram('benchmark/orchestrated/worker', kind),
        env,
      },
      isReady: (output) => output.includes('worker is ready'),
    },
  ],
  workflowIdsOf: (orderId) => [workflowIdOf(orderId)],
});

const placePlainly =
  (workflowType: 'plain' | 'plainLocally'): Contender['place'] =>
  async (servers, order) => {
    await storePlainOrder(servers.pools.order, order);
    await start(servers, order.orderId, workflowType, 'plain', order);
    return order.orderId;
  };

async function placeGuarded(servers: Servers, { orderId, ...placement }: NewOrder): Promise<OrderId> {
  await placeOrder(orderStore(servers.pools.order), orderId, placement, orderWaits);
  await start(servers, orderId, 'guarded', 'guarded', orderId);
  return orderId;
}

async function start(
  { client, env }: Servers,
  orderId: OrderId,
  workflowType: string,
  kind: Kind,
  argument: NewOrder | OrderId,
): Promise<void> {
  await client.workflow.start(workflowType, {
    workflowId: workflowIdOf(orderId),
    taskQueue: taskQueueOf(kind),
    args: [argument, ms(env['NOTIFICATION_RETRY_INTERVAL'] as StringValue)],
  });
}

/** What the others are compared with: what most people would write. */
export const plain: Contender = {
  name: 'orchestrated',
  title: 'one workflow, regular activities',
  ...orchestrated('plain'),
  place: placePlainly('plain'),
};

export const plainLocally: Contender = {
  name: 'orchestrated-local',
  title: 'one workflow, local activities, the mail a regular one',
  ...orchestrated('plain'),
  place: placePlainly('plainLocally'),
};

export const guarded: Contender = {
  name: 'orchestrated-guarded',
  title: "one workflow over the choreography's own effects: the same promises",
  ...orchestrated('guarded'),
  place: placeGuarded,
};
