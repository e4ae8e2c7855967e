import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { givenIn, type Environment } from './environment.js';
import { namesTemporal } from './temporal-config.js';

const fileIn = (dataDir: string): string => path.join(dataDir, 'connections.env');

/**
 * Tells programs started beside `npm start` where its parts are: `DATA_DIR/connections.env`, which only its owner
 * can read, for as long as the system runs. The result removes it.
 */
export async function shareConnections(
  dataDir: string,
  connections: Environment,
): Promise<() => Promise<void>> {
  const lines = Object.entries(connections).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}='${value}'\n`],
  );
  await writeFile(fileIn(dataDir), lines.join(''), { mode: 0o600 });
  return () => rm(fileIn(dataDir), { force: true });
}

/** The environment, completed with the parts of an `npm start` that runs on the same DATA_DIR; never in production. */
export function withConnections(env: NodeJS.ProcessEnv, dataDir: string): Environment {
  if (env['NODE_ENV'] === 'production' || namesTemporal(env)) return env;
  try {
    return { ...parseEnv(readFileSync(fileIn(dataDir), 'utf8')), ...givenIn(env) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return env;
    throw error;
  }
}
