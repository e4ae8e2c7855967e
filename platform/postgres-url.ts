import pg from 'pg';
import { hostAndPort } from './host-and-port.js';

/**
 * The URL of the same database for another login. A URL without a host, as for a socket, can name the login only among
 * its parameters, which win over the usual place.
 */
export function withLogin(url: string, user: string, password: string): string {
  const other = new URL(withoutHostlessLogin(url));
  other.searchParams.delete('user');
  other.searchParams.delete('password');
  if (other.hostname === '') {
    other.searchParams.set('user', user);
    other.searchParams.set('password', password);
  } else Object.assign(other, { username: user, password });
  return other.href;
}

/** Where a URL leads, as people write it: `host:port/database`, or the folder of a socket and the database. */
export function addressOf(url: string): string {
  const { host, port, database = '' } = new pg.Client({ connectionString: url });
  if (host.startsWith('/')) return `${host} ${database}`;
  return `${hostAndPort(host, port)}/${database}`;
}

/** `postgres://user:password@/name` is common for sockets; as a URL it would be malformed. */
const withoutHostlessLogin = (url: string): string => url.replace(/^(\w+:\/\/)[^/?#]*@(?=\/)/, '$1');
