import type pg from 'pg';
import type { Pool } from '../../core/postgres/pool.js';

export interface DatabaseCost {
  /** Transactions, those of a single statement included. */
  readonly commits: number;
  /** How often a statement was given while none was under way: those given with others cost no round trip more. */
  readonly roundTrips: number;
}

/** Counts what goes over a pool's connections from now on; the result tells the sum. */
export function countRoundTrips(pool: Pool): () => DatabaseCost {
  let [commits, roundTrips] = [0, 0];
  const known = new Set<pg.PoolClient>();
  pool.on('acquire', (client) => {
    commits++;
    if (known.has(client)) return;
    known.add(client);
    watch(client, () => roundTrips++);
  });
  return () => ({ commits, roundTrips });
}

type Query = (...args: unknown[]) => unknown;

function watch(client: pg.PoolClient, onTrip: () => void): void {
  const query = client.query.bind(client) as Query;
  let underWay = 0;
  const answered = () => underWay--;
  client.query = ((...args: unknown[]) => {
    if (underWay++ === 0) onTrip();
    const callback = args.at(-1);
    if (typeof callback !== 'function') {
      const answer = query(...args) as Promise<unknown>;
      answer.then(answered, answered);
      return answer;
    }
    return query(...args.slice(0, -1), (...answer: unknown[]) => {
      answered();
      (callback as Query)(...answer);
    });
  }) as typeof client.query;
}
