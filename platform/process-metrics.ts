import { collectDefaultMetrics, Registry } from 'prom-client';

let registry: Registry | undefined;

/** What this process takes, in Prometheus' text format: CPU, memory, event loop. Watched from the first call on. */
export function processMetrics(): Promise<string> {
  registry ??= watchProcess();
  return registry.metrics();
}

function watchProcess(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  return register;
}
