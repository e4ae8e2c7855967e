import { once } from 'node:events';
import { createServer } from 'node:http2';
import { createEndpointHandler, service, type Context } from '@restatedev/restate-sdk';
import { createMailer } from '../../activities/mail.js';
import { shutdownSignal } from '../../platform/shutdown.js';
import { readWorkerConfig } from '../../workers/config.js';
import type { NewOrder } from '../contender.js';
import { carryThrough } from '../plain/saga.js';
import { createPlainSteps } from '../plain/steps.js';
import { openServicePools } from '../service-pools.js';
import { durable } from './durable-steps.js';

const { mail, notification } = readWorkerConfig('notification', process.env);
const pools = openServicePools(process.env);
const steps = createPlainSteps({ pools, sendMail: createMailer(mail) });
const saga = service({
  name: 'saga',
  handlers: {
    run: (context: Context, order: NewOrder) => carryThrough(order, durable(steps, context, notification)),
  },
});

const server = createServer(createEndpointHandler({ services: [saga] }));
server.listen(Number(process.env['RESTATE_WORKER_PORT']), '127.0.0.1');
await once(server, 'listening');
console.log('worker is ready');

const signal = shutdownSignal();
if (!signal.aborted) await once(signal, 'abort');
// The server keeps its connections open.
process.exit(0);
