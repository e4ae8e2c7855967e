import { once } from 'node:events';
import { createServer } from 'node:net';
import getPort from 'get-port';
import { ConfigurationError, fault, givenIn, type Environment } from './environment.js';

/**
 * Below the ports that Linux, macOS and Windows give to outgoing connections: one of those could take a port between
 * its choice and its use.
 */
const SERVER_PORTS = { first: 15_000, last: 31_999 } as const;

/** A free port, for servers whose address nobody needs to know in advance; never the same twice in one process. */
export const freePort = (): Promise<number> =>
  getPort({ host: '127.0.0.1', port: portsFromAnywhere(), reserve: true });

/** As many as are asked for, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  return ports;
}

/** All server ports, from a random one on: two processes that choose at the same time hardly ever meet. */
function* portsFromAnywhere(): Iterable<number> {
  const { first, last } = SERVER_PORTS;
  const count = last - first + 1;
  const offset = Math.floor(Math.random() * count);
  for (let index = 0; index < count; index++) yield first + ((offset + index) % count);
}

/**
 * The port that a variable names, or its default. If the default is taken, a free port replaces it and `say` tells. If
 * the named port is taken, that is a ConfigurationError. `host` is where the port is going to be listened on.
 */
export async function choosePort(
  variable: string,
  fallback: number,
  env: Environment,
  say: (line: string) => void,
  host = '127.0.0.1',
): Promise<number> {
  const given = givenIn(env)[variable];
  const wanted = Number(given ?? fallback);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65_535)
    throw new ConfigurationError(fault(variable, 'a port number from 1 to 65535', JSON.stringify(given)));
  const found = await getPort({ port: wanted, host });
  if (found === wanted) return wanted;
  if (given !== undefined)
    throw new ConfigurationError(
      fault(variable, 'a free port that this user may listen on', `that port ${wanted} is taken or reserved`),
    );
  say(`Port ${wanted} is taken, using ${found} (set ${variable} to choose one)`);
  return found;
}

/** Throws a ConfigurationError unless a server of this machine can listen on the host that a variable names. */
export async function requireHost(variable: string, host: string): Promise<void> {
  const server = createServer().listen(0, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(fault(variable, 'an address of this machine', `${code} for ${host}`));
  } finally {
    server.close();
  }
}
