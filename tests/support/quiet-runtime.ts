import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/** Errors only. Once per process, before there is a worker. */
export function installQuietRuntime(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  });
}
