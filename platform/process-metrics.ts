import { collectDefaultMetrics, Registry } from 'prom-client';

let registry: Registry | undefined;

/** The CPU, memory and event loop of this process in Prometheus' text format, measured from the first call on. */
export function processMetrics(): Promise<string> {
  registry ??= watchProcess();
  return registry.metrics();
}

function watchProcess(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  return register;
}
