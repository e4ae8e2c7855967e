import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigurationError, givenIn, type Environment } from './environment.js';
import { writePrivate } from './private-file.js';
import { namesTemporal } from './temporal-config.js';

/** What another program needs to connect to the parts of a system, secrets included. */
const isConnection = (name: string): boolean =>
  /^(API_URL|DATABASE_URL(_\w+)?|TEMPORAL_\w+|SMTP_URL|MAIL_CATCHER_URL|WORKFLOW_BUNDLE|ALLOW_FAULTS)$/.test(
    name,
  );

const fileIn = (dataDir: string): string => path.join(dataDir, 'connections.env');

/**
 * Writes `DATA_DIR/connections.env`, which tells programs started beside `npm start` where its parts are, embedded or
 * not. Only its owner can read it. The result removes it, when the system stops; so does the end of this process.
 */
export async function shareConnections(dataDir: string, env: Environment): Promise<() => void> {
  const lines = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || !isConnection(name) ? [] : [`${name}=${quoted(name, value)}\n`],
  );
  await writePrivate(fileIn(dataDir), lines.join(''));
  const remove = () => rmSync(fileIn(dataDir), { force: true });
  process.once('exit', remove);
  return () => {
    process.off('exit', remove);
    remove();
  };
}

/** The format has no escapes, so we pick a quote that the value does not contain. */
function quoted(name: string, value: string): string {
  const quote = [`'`, '`'].find((mark) => !value.includes(mark));
  if (quote === undefined) throw new ConfigurationError(`${name}: expected no value with both ' and \``);
  return `${quote}${value}${quote}`;
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
