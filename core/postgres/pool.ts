import pg from 'pg';

/** A pool whose `bigint` columns arrive as numbers; one that is not a safe integer is an error, never rounded. */
export type Pool = pg.Pool;
export type Connection = pg.ClientBase;

export interface PoolOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly maxConnections?: number;
  /** Must stay below the activity's timeout, so that a statement ends before its activity is given up. */
  readonly statementTimeoutMs?: number;
  readonly onError: (error: Error) => void;
}

/** Opens no connection yet. `onError` hears of idle connections that break; the pool replaces them by itself. */
export function createPool(options: PoolOptions): Pool {
  const statementTimeout = options.statementTimeoutMs ?? 2_000;
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 2_000,
    statement_timeout: statementTimeout,
    idle_in_transaction_session_timeout: 2 * statementTimeout,
    query_timeout: statementTimeout + 500,
    types: { getTypeParser: typeParser },
  });
  pool.on('error', options.onError);
  return pool;
}

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
