/** `host:port` as a URL has it: an IPv6 address in brackets. */
export const hostAndPort = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Where a server that listens on this host is found by programs of the same machine. */
export const reachableHost = (host: string): string => everywhere.get(host) ?? host;

/** A server can listen on all addresses; a client connects to one. */
const everywhere: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);
