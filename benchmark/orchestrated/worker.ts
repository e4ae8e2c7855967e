import { readFile } from 'node:fs/promises';
import {
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import { Argument, Command } from 'commander';
import { createMailer } from '../../activities/mail.js';
import { shutdownSignal } from '../../platform/shutdown.js';
import { withoutProxy } from '../../platform/loopback.js';
import { services } from '../../schemas/services.js';
import { readWorkerConfig } from '../../workers/config.js';
import { effects as inventory } from '../../workers/inventory.js';
import { effects as notification } from '../../workers/notification.js';
import { effects as order } from '../../workers/order.js';
import { effects as payment } from '../../workers/payment.js';
import { openServicePools, type ServicePools } from '../service-pools.js';
import { createPlainSteps } from '../plain/steps.js';
import { createGuardedSteps } from './guarded-steps.js';
import { kinds, taskQueueOf, type Kind } from './task-queue.js';

const program = new Command('orchestrated-worker')
  .description('Runs the worker of an orchestrated contender of the benchmark until it is asked to stop.')
  .addArgument(new Argument('<kind>', 'plain steps, or the effects of the product').choices(kinds))
  .parse();
const [kind] = program.processedArgs as [Kind];

Runtime.install({
  logger: new DefaultLogger('WARN'),
  telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  shutdownSignals: [],
});
const { TEMPORAL_ADDRESS: address = '', BENCHMARK_BUNDLE: bundle = '' } = process.env;
const signal = shutdownSignal();
const connection = await NativeConnection.connect({ address, ...withoutProxy });
const pools = openServicePools(process.env);
const worker = await Worker.create({
  connection,
  taskQueue: taskQueueOf(kind),
  activities: kind === 'plain' ? plainSteps(pools) : guardedSteps(pools),
  workflowBundle: { code: await readFile(bundle, 'utf8') },
  maxConcurrentLocalActivityExecutions: 20,
});
signal.addEventListener('abort', () => worker.shutdown(), { once: true });
console.log('worker is ready');
await worker.run();
await Promise.all(services.map((service) => pools[service].end()));
await connection.close();

function plainSteps(pools: ServicePools): object {
  const { mail } = readWorkerConfig('notification', process.env);
  return createPlainSteps({ pools, sendMail: createMailer(mail) });
}

function guardedSteps(pools: ServicePools): object {
  const config = readWorkerConfig('notification', process.env);
  const partsOf = (service: keyof ServicePools) => ({ pool: pools[service], deliver: noDelivery, config });
  const effects = {
    order: order(partsOf('order')),
    payment: payment(partsOf('payment')),
    inventory: inventory(partsOf('inventory')),
    notification: notification(partsOf('notification')),
  };
  return createGuardedSteps(effects, pools);
}

function noDelivery(): Promise<never> {
  return Promise.reject(new Error('an orchestrated saga delivers no events'));
}
