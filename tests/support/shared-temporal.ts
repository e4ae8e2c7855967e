import { startChild } from '../../platform/child.js';
import { findTemporalCli } from '../../platform/temporal-binary.js';
import { waitUntilServing } from '../../platform/temporal-server.js';
import { freePort } from '../../platform/ports.js';

/**
 * The second and third let a closed workflow be deleted within a second instead of half a minute; with the last one
 * a history counts as long from 100 events instead of 4,096.
 */
const settings = [
  'system.enableActivityEagerExecution=true',
  'history.transferProcessorUpdateAckInterval="200ms"',
  'history.visibilityProcessorUpdateAckInterval="200ms"',
  'limit.historyCount.suggestContinueAsNew=100',
] as const;

/** Starts a dev server in memory, unless TEST_TEMPORAL_ADDRESS names one; returns what stops it. */
export async function startSharedTemporal(): Promise<() => Promise<void>> {
  if (process.env['TEST_TEMPORAL_ADDRESS'] !== undefined) return () => Promise.resolve();
  const binary = await findTemporalCli((line) => void process.stderr.write(`${line}\n`));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const quiet = ['--headless', '--log-level', 'error'];
  const dynamic = settings.flatMap((setting) => ['--dynamic-config-value', setting]);
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), ...quiet, ...dynamic];
  let output = '';
  const server = startChild({ command: binary, args, graceSeconds: 5, onOutput: (text) => (output += text) });
  await waitUntilServing(address, 'default').catch(async (error: unknown) => {
    await server.stop();
    throw new Error(`the Temporal dev server did not start: ${output}`, { cause: error });
  });
  process.env['TEST_TEMPORAL_ADDRESS'] = address;
  return async () => void (await server.stop());
}
