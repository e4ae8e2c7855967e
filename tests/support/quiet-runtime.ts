import type { LogLevel, LogMetadata } from '@temporalio/common';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { WorkerDied } from './set-back.js';

let installed = false;

/** Errors only. It has to happen before there is a worker; a second call in the same process changes nothing. */
export function installQuietRuntime(): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: new QuietLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  });
}

/** Says nothing of what a test brings about on purpose. */
class QuietLogger extends DefaultLogger {
  override log(level: LogLevel, message: string, meta?: LogMetadata): void {
    if (!(meta?.['error'] instanceof WorkerDied)) super.log(level, message, meta);
  }
}
