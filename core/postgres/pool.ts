import pg from 'pg';
import { clientWith } from './client.js';
import { isNameRefused } from './sql-state.js';
import { StatementNames } from './statement-names.js';

export type Connection = pg.ClientBase;

export interface PoolOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly maxConnections?: number;
  /** Must stay below the activity's timeout, so that a statement ends before its activity is given up. */
  readonly statementTimeoutMs?: number;
  /** For statements whose best plan depends on their values: none is prepared by name, so each is planned anew. */
  readonly plansAnew?: boolean;
  readonly onError: (error: Error) => void;
}

/**
 * A pool whose `bigint` columns arrive as numbers; one that is not a safe integer is an error, never rounded. Statements
 * with values are prepared by name (docs/decisions/0039).
 */
export class Pool extends pg.Pool {
  /** What every transaction begins with. */
  readonly begin: string;
  readonly #names: StatementNames | undefined;

  constructor({ url, applicationName, maxConnections, statementTimeoutMs = 2_000, plansAnew }: PoolOptions) {
    const names = plansAnew ? undefined : new StatementNames();
    super({
      connectionString: url,
      application_name: applicationName,
      max: maxConnections ?? 10,
      connectionTimeoutMillis: 2_000,
      query_timeout: statementTimeoutMs + 500,
      types: { getTypeParser: typeParser },
      ...(names && { Client: clientWith(names) }),
    });
    this.begin = beginWithin(statementTimeoutMs);
    this.#names = names;
    const query = this.query.bind(this) as Query;
    const twice: Query = (text, values) =>
      query(text, values).catch((error: unknown) => {
        if (!this.givesUpNames(error)) throw error;
        return query(text, values);
      });
    this.query = twice as pg.Pool['query'];
  }

  /** Whether a statement failed only for its name, so that it can be run again; from then on none has a name. */
  givesUpNames(error: unknown): boolean {
    const isRefused = isNameRefused(error);
    if (isRefused) this.#names?.giveUp();
    return isRefused;
  }
}

type Query = (text: unknown, values?: unknown) => Promise<unknown>;

/** Opens no connection yet. `onError` hears of idle connections that break; the pool replaces them by itself. */
export function createPool(options: PoolOptions): Pool {
  const pool = new Pool(options);
  pool.on('error', options.onError);
  return pool;
}

/**
 * The isolation level that the statements are written for, whatever the server's default, and the limits of time. Both
 * as a part of the transaction: a pooler refuses or ignores limits that come with the connection, and in transaction
 * mode gives each transaction another session. All in one message, which costs no round trip more than `begin` alone.
 */
const beginWithin = (statementTimeoutMs: number): string =>
  `begin isolation level read committed; set local statement_timeout = ${statementTimeoutMs};
   set local idle_in_transaction_session_timeout = ${2 * statementTimeoutMs}`;

/** PostgreSQL's object id of the type `bigint`. */
const BIGINT: number = pg.types.builtins.INT8;

const typeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === BIGINT ? safeInteger : (parserOf(oid, format) as (value: string) => unknown);

const parserOf = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => unknown;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is not a safe integer`);
  return value;
}
