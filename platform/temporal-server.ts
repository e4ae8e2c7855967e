import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from './child.js';
import { ConfigurationError } from './environment.js';
import type { Running } from './supervisor.js';
import { withoutProxy } from './loopback.js';

export interface TemporalServerOptions {
  readonly binary: string;
  readonly dbFile: string;
  readonly port: number;
  readonly uiPort: number;
  /** Created if missing, beside `default`. */
  readonly namespace?: string;
  /** Keyword attributes to register. */
  readonly searchAttributes: readonly string[];
}

export interface TemporalServer extends Running {
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts the dev server with its Web UI on the loopback address, with the data of its last run. */
export async function startTemporal(options: TemporalServerOptions): Promise<TemporalServer> {
  const { binary, dbFile, port, uiPort, namespace = 'default', searchAttributes } = options;
  const address = `127.0.0.1:${port}`;
  let output = '';
  const child = startChild({
    command: binary,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
      ...['--db-filename', dbFile, '--log-level', 'error', '--namespace', namespace],
      ...['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
      ...searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ],
    onOutput: (text) => (output = (output + text).slice(-4_000)),
  });
  const stop = async () => void (await child.stop());
  const gone = child.ended.then((code) => {
    const [reason = ''] = output.trim().split('\n').slice(-1);
    throw new ConfigurationError(`DATA_DIR: Temporal did not start on ${dbFile}, code ${code}\n  ${reason}`);
  });
  try {
    await Promise.race([waitUntilServing(address, namespace), gone]);
    await keepHistories(address, namespace);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    gone.catch(() => undefined);
  }
  return { address, pid: child.pid, ended: child.ended, stop };
}

/**
 * A dev server forgets closed workflows after a day; people want to look at theirs longer. The CLI would not do: it
 * reads the TEMPORAL_* variables and the user's own profile.
 */
async function keepHistories(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, ...withoutProxy });
  try {
    const config = { workflowExecutionRetentionTtl: msToTs('30 days') };
    await connection.workflowService.updateNamespace({ namespace, config });
  } finally {
    await connection.close();
  }
}

/** Resolves once the server knows the namespace; rejects with its last refusal after half a minute. */
export async function waitUntilServing(address: string, namespace: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 500, ...withoutProxy });
      await connection.workflowService.describeNamespace({ namespace });
      return await connection.close();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}
