import path from 'node:path';
import { freePort } from '../../platform/ports.js';
import { findTemporalCli } from '../../platform/temporal-binary.js';
import { startTemporal } from '../../platform/temporal-server.js';
import { ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE } from '../../schemas/services.js';
import { listenerOf } from '../counters/processes.js';

/** A server that runs already. */
export interface GivenTemporal {
  /** host:port of a server that nothing else uses. */
  readonly temporal: string | undefined;
  /** The URL of its PostgreSQL, for its figures. */
  readonly temporalDatabase: string | undefined;
}

export interface TemporalParts {
  readonly address: string;
  readonly databaseUrl: string | undefined;
  /** Undefined where it runs on another machine. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

export async function findTemporal(
  dataDir: string,
  { temporal: address, temporalDatabase }: GivenTemporal,
  say: (line: string) => void,
): Promise<TemporalParts> {
  if (address === undefined) return startDevServer(dataDir, say);
  const pid = await listenerOf(address);
  return { address, databaseUrl: temporalDatabase, pid, stop: () => Promise.resolve() };
}

/** Keeps its state in SQLite, within its own process. */
async function startDevServer(dataDir: string, say: (line: string) => void): Promise<TemporalParts> {
  const server = await startTemporal({
    binary: await findTemporalCli(say),
    dbFile: path.join(dataDir, 'temporal.db'),
    port: await freePort(),
    uiPort: await freePort(),
    searchAttributes: [ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE],
  });
  return { address: server.address, databaseUrl: undefined, pid: server.pid(), stop: () => server.stop() };
}
