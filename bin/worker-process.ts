import { Argument, Command } from 'commander';
import { DefaultLogger, makeTelemetryFilterString, Runtime, type TelemetryOptions } from '@temporalio/worker';
import { readWorkerConfig, type WorkerConfig } from '../workers/config.js';
import { withConnections } from '../platform/connections.js';
import { dataDirIn } from '../platform/data-dir.js';
import { checkAll } from '../platform/environment.js';
import { runProgram } from '../platform/failure.js';
import { createLogger, type Logger } from '../platform/logger.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { services } from '../schemas/services.js';
import { runWorkers } from '../workers/run-workers.js';
import type { WrapDelivery } from '../workers/worker.js';

const ALL = 'all';

/** Runs the workers of one or more services in this process; `wrapDelivery` lets a chaos worker tamper with deliveries. */
export async function runWorkerProcess(wrapDelivery?: WrapDelivery): Promise<void> {
  const program = new Command('worker')
    .description(
      'Runs the worker of one service, or of several in one process, until Ctrl-C. Addresses come from the environment, or from an npm start on the same DATA_DIR.',
    )
    .addArgument(new Argument('<service...>', 'whose worker to run').choices([...services, ALL]))
    .parse();
  const names = program.processedArgs[0] as readonly string[];
  const present = services.filter((service) => names.includes(service) || names.includes(ALL));

  await runProgram('start', async () => {
    const env = withConnections(process.env, dataDirIn(process.env));
    const configs: WorkerConfig[] = [];
    await checkAll(...present.map((service) => () => configs.push(readWorkerConfig(service, env))));
    const log = createLogger(present.join(' and '), configs[0]?.logLevel);
    installRuntime(configs[0]?.metricsAddress, log);
    await runWorkers(configs, log, shutdownSignal(), wrapDelivery);
  });
}

/** If the metrics address is taken, the worker logs that and runs without metrics: orders come first. */
function installRuntime(metricsAddress: string | undefined, log: Logger): void {
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
