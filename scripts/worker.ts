import { Command, InvalidArgumentError } from 'commander';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { ConfigurationError, readWorkerConfig } from '../platform/config.js';
import { createLogger } from '../platform/logger.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { services, type Service } from '../schemas/services.js';
import { runWorker } from '../workers/worker.js';

const program = new Command('worker')
  .description('Runs the worker of one service until Ctrl-C; all addresses come from the environment.')
  .argument('<service>', services.join(', '), (name): Service => {
    const service = services.find((known) => known === name);
    if (service !== undefined) return service;
    throw new InvalidArgumentError(`Expected one of ${services.join(', ')}.`);
  })
  .parse();
const [service] = program.processedArgs as [Service];

try {
  const config = readWorkerConfig(service, process.env);
  const log = createLogger(service, config.logLevel);
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ message, meta }) => log.warn(meta ?? {}, message)),
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
    shutdownSignals: [],
  });
  await runWorker(service, config, log, shutdownSignal());
} catch (error) {
  console.error(error instanceof ConfigurationError ? `cannot start:\n${error.message}` : error);
  process.exitCode = 1;
}
