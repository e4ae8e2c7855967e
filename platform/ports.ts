import getPort from 'get-port';
import { ConfigurationError } from './environment.js';

/** A free port, for servers whose address nobody needs to know in advance. */
export const freePort = (): Promise<number> => getPort({ host: '127.0.0.1' });

/**
 * The port that a variable names, or its default. If the default is taken, a free port replaces it and `say` tells. If
 * the named port is taken, that is a ConfigurationError.
 */
export async function choosePort(
  variable: string,
  fallback: number,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<number> {
  const given = env[variable];
  const wanted = given === undefined || given === '' ? fallback : Number(given);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65_535)
    throw new ConfigurationError(`${variable}: expected a port number, found ${String(given)}`);
  const found = await getPort({ port: wanted, host: '127.0.0.1' });
  if (found === wanted) return wanted;
  if (given !== undefined)
    throw new ConfigurationError(`${variable}: port ${wanted} is taken; choose another`);
  say(`Port ${wanted} is taken, using ${found} (set ${variable} to choose one)`);
  return found;
}
