import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { createMailer } from '../../activities/mail.js';
import { shutdownSignal } from '../../platform/shutdown.js';
import { readWorkerConfig } from '../../workers/config.js';
import type { NewOrder } from '../contender.js';
import { carryThrough } from '../plain/saga.js';
import { createPlainSteps } from '../plain/steps.js';
import { openServicePools } from '../service-pools.js';
import { durable } from './durable-steps.js';

const { DBOS_SYSTEM_DATABASE_URL = '', DBOS_PORT = '' } = process.env;
const { mail, notification } = readWorkerConfig('notification', process.env);
const pools = openServicePools(process.env);
const steps = durable(createPlainSteps({ pools, sendMail: createMailer(mail) }), notification);
const saga = DBOS.registerWorkflow((order: NewOrder) => carryThrough(order, steps), { name: 'saga' });

DBOS.setConfig({ name: 'benchmark', systemDatabaseUrl: DBOS_SYSTEM_DATABASE_URL, logLevel: 'error' });
await DBOS.launch();
// A workflow starts in the process that runs it: a queue would be polled for.
const server = createServer((request, response) => {
  void json(request)
    .then((order) => start(order as NewOrder))
    .then(
      () => response.writeHead(202).end(),
      () => response.writeHead(500).end(),
    );
}).listen(Number(DBOS_PORT), '127.0.0.1');
await once(server, 'listening');
console.log('worker is ready');

const signal = shutdownSignal();
if (!signal.aborted) await once(signal, 'abort');
server.close();
server.closeAllConnections();
await DBOS.shutdown();
await Promise.all(Object.values(pools).map((pool) => pool.end()));

async function start(order: NewOrder): Promise<void> {
  await DBOS.startWorkflow(saga, { workflowID: order.orderId })(order);
}
