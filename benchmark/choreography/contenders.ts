import type { Client } from '@temporalio/client';
import { startOrder } from '../../api/saga-client.js';
import { workflowIdOf } from '../../core/choreography.js';
import { orderStore } from '../../db/order/orders.js';
import { placeOrder } from '../../db/order/place-order.js';
import { isOk } from '../../platform/is-ok.js';
import type { OrderId } from '../../schemas/ids.js';
import { services } from '../../schemas/services.js';
import type { Contender, NewOrder, Program } from '../contender.js';
import { orderWaits } from '../order-waits.js';
import { projectProgram } from '../servers/programs.js';
import type { Servers } from '../servers/servers.js';

const workers = ({ env }: Servers): readonly Program[] =>
  services.map((service) => ({
    ...{ name: `${service} worker`, group: 'workers', command: projectProgram('bin/worker', service) },
    env: { ...env, LOG_LEVEL: 'info' },
    isReady: (output) => output.includes('worker is ready'),
  }));

const apiPort = ({ ports: [port = 0] }: Servers): number => port;
const apiUrl = (servers: Servers): string => `http://127.0.0.1:${apiPort(servers)}`;

const api = (servers: Servers): Program => ({
  ...{ name: 'API', group: 'API', command: projectProgram('bin/api') },
  env: { ...servers.env, API_PORT: String(apiPort(servers)), API_RATE_LIMIT: '0', LOG_LEVEL: 'warn' },
  isReady: () => isOk(`${apiUrl(servers)}/readyz`),
});

/** As the API does it: the row with its event, and the start of the participant. */
async function placeDirectly(
  { pools, client }: Servers,
  { orderId, ...placement }: NewOrder,
): Promise<OrderId> {
  await placeOrder(orderStore(pools.order), orderId, placement, orderWaits);
  await startInTheEnd(client, orderId);
  return orderId;
}

/** On a busy machine a start may take longer than the second that the API gives it, and the sweep would come much later. */
async function startInTheEnd(client: Client, orderId: OrderId): Promise<void> {
  for (let triesLeft = 20; ; triesLeft--)
    try {
      return await startOrder(client, orderId);
    } catch (error) {
      if (triesLeft === 0) throw error;
    }
}

async function placeByHttp(servers: Servers, { customerId, items }: NewOrder): Promise<OrderId> {
  const response = await fetch(`${apiUrl(servers)}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ customerId, items: items.map(({ sku, quantity }) => ({ sku, quantity })) }),
  });
  const body = await response.text();
  if (response.status !== 201) throw new Error(`POST /orders: ${response.status} ${body}`);
  return (JSON.parse(body) as { orderId: OrderId }).orderId;
}

const choreographed: Pick<Contender, 'usesTemporal' | 'workflowIdsOf'> = {
  usesTemporal: true,
  workflowIdsOf: (orderId) => services.map((service) => workflowIdOf(service, orderId)),
};

export const direct: Contender = {
  name: 'choreography',
  title: 'this project, four workers',
  ...choreographed,
  programs: workers,
  place: placeDirectly,
};

export const byHttp: Contender = {
  name: 'choreography-http',
  title: 'this project, four workers, orders placed through its API',
  ...choreographed,
  programs: (servers) => [...workers(servers), api(servers)],
  place: placeByHttp,
};
