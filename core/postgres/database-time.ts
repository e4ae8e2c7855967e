import type { EpochMillis } from '../event.js';
import type { Connection, Pool } from './pool.js';

/** What the database's clock says, for everything that is not an effect: those learn it from their inbox. */
export async function databaseTime(db: Connection | Pool): Promise<EpochMillis> {
  const { rows } = await db.query<{ now: EpochMillis }>(
    `select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
  );
  const [row] = rows;
  if (!row) throw new Error('a select without a table has no row');
  return row.now;
}
