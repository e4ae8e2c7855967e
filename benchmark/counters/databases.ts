import pg from 'pg';
import { parentOf } from './processes.js';

/** What a cluster has done so far. */
export interface DatabaseCount {
  /** Transactions that have written something. Those that only read cost no write to the disk. */
  readonly commits: number;
  readonly walBytes: number;
}

/** A connection to a PostgreSQL server, for its figures. */
export class CountedDatabase {
  readonly #db: pg.Client;

  private constructor(db: pg.Client) {
    this.#db = db;
  }

  static async connect(url: string): Promise<CountedDatabase> {
    const db = new pg.Client({ connectionString: url, application_name: 'benchmark' });
    await db.connect();
    return new CountedDatabase(db);
  }

  /** Transaction ids are given to those that write, and are known at once; PostgreSQL's own statistics come late. */
  async count(): Promise<DatabaseCount> {
    const { rows } = await this.#db.query<DatabaseCount>(
      `select pg_snapshot_xmax(pg_current_snapshot())::text::float8 as commits,
         pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as "walBytes"`,
    );
    if (!rows[0]) throw new Error('a select without a table has no row');
    return rows[0];
  }

  /** The server's first process; undefined where it runs on another machine. */
  async pid(): Promise<number | undefined> {
    const { rows } = await this.#db.query<{ pid: number; isLocal: boolean }>(
      `select pg_backend_pid() as pid, coalesce(host(inet_server_addr()) in ('127.0.0.1', '::1'), true) as "isLocal"`,
    );
    return rows[0]?.isLocal ? parentOf(rows[0].pid) : undefined;
  }

  close(): Promise<void> {
    return this.#db.end();
  }
}
