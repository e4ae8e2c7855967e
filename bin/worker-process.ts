import { Command, InvalidArgumentError } from 'commander';
import { DefaultLogger, makeTelemetryFilterString, Runtime, type TelemetryOptions } from '@temporalio/worker';
import { readWorkerConfig, type WorkerConfig } from '../workers/config.js';
import { withConnections } from '../platform/connections.js';
import { dataDirIn } from '../platform/data-dir.js';
import { runProgram } from '../platform/failure.js';
import { createLogger, type Logger } from '../platform/logger.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { services, type Service } from '../schemas/services.js';
import { runWorker, type WrapDelivery } from '../workers/worker.js';

/** Runs one service's worker as a process of its own; `wrapDelivery` lets a chaos worker tamper with deliveries. */
export async function runWorkerProcess(wrapDelivery?: WrapDelivery): Promise<void> {
  const program = new Command('worker')
    .description(
      'Runs the worker of one service until Ctrl-C. Addresses come from the environment, or from an npm start on the same DATA_DIR.',
    )
    .argument('<service>', services.join(', '), (name): Service => {
      const service = services.find((known) => known === name);
      if (service !== undefined) return service;
      throw new InvalidArgumentError(`Expected one of ${services.join(', ')}.`);
    })
    .parse();
  const [service] = program.processedArgs as [Service];

  await runProgram('start', async () => {
    const env = withConnections(process.env, dataDirIn(process.env));
    const config = readWorkerConfig(service, env);
    const log = createLogger(service, config.logLevel);
    installRuntime(config, log);
    await runWorker(service, config, log, shutdownSignal(), wrapDelivery);
  });
}

/** If the metrics address is taken, the worker logs that and runs without metrics: orders come first. */
function installRuntime({ metricsAddress }: WorkerConfig, log: Logger): void {
  const install = (metrics: Pick<TelemetryOptions, 'metrics'>) =>
    Runtime.install({
      logger: new DefaultLogger('WARN', ({ message, meta }) => log.warn(meta ?? {}, message)),
      telemetryOptions: {
        logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) },
        ...metrics,
      },
      shutdownSignals: [],
    });
  try {
    install(metricsAddress === undefined ? {} : sdkMetrics(metricsAddress));
  } catch (error) {
    log.error({ err: error, metricsAddress }, 'no metrics are served');
    install({});
  }
}

/** Named as Prometheus recommends and Temporal's dashboards expect: counters end in `_total`, times are in seconds. */
const sdkMetrics = (bindAddress: string) => ({
  metrics: {
    prometheus: {
      bindAddress,
      countersTotalSuffix: true,
      unitSuffix: true,
      useSecondsForDurations: true,
    },
  },
});
