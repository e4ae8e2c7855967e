import type { InboxAnswer, InboxEntry, InboxTable, Rows, Store } from '../activity/store.js';
import type { Choreography } from '../choreography.js';
import type { EpochMillis } from '../event.js';
import { databaseTime } from './database-time.js';
import { journalOf, keyColumn } from './journal.js';
import type { Connection, Pool } from './pool.js';
import { withTransaction } from './transaction.js';

/** A service's tables in PostgreSQL. */
export interface PostgresTables<Row, Command, Result> {
  readonly service: string;
  /** Logs in as the service's role. */
  readonly pool: Pool;
  /** The table of what was applied, with its schema: `courier.inbox`. */
  readonly inbox: string;
  readonly rows: (db: Connection) => Rows<Row, Command, Result>;
}

/** The store of a service: its rows, its inbox and the journal, in one transaction for each effect. */
export const postgresStore = <Row, Command = never, Result = never>(
  choreography: Choreography,
  { service, pool, inbox, rows }: PostgresTables<Row, Command, Result>,
): Store<Row, Command, Result> => ({
  service,
  transaction: (work) =>
    withTransaction(pool, (db) =>
      work({
        ...rows(db),
        now: () => databaseTime(db),
        inbox: inboxTable(db, inbox, keyColumn(choreography)),
        journal: journalOf(choreography, service, db),
      }),
    ),
});

const inboxTable = (db: Connection, table: string, key: string): InboxTable => ({
  find: (applied) => find(db, table, applied),
  remember: (entry) => remember(db, table, key, entry),
});

/** `clock_timestamp` and not `now`, which is the time at which the transaction began. */
async function find(db: Connection, table: string, applied: string): Promise<InboxAnswer> {
  const { rows } = await db.query<{ applied_by: string | null; database_time: EpochMillis }>(
    `select (select run_id from ${table} where key = $1) as applied_by,
       floor(extract(epoch from clock_timestamp()) * 1000)::bigint as database_time`,
    [applied],
  );
  const [row] = rows;
  if (!row) throw new Error('a select without a table has no row');
  return { appliedBy: row.applied_by ?? undefined, databaseTime: row.database_time };
}

async function remember(db: Connection, table: string, key: string, entry: InboxEntry): Promise<void> {
  await db.query(`insert into ${table} (key, ${key}, run_id, outcome) values ($1, $2, $3, $4)`, [
    entry.key,
    entry.sagaId,
    entry.runId,
    entry.outcome,
  ]);
}
