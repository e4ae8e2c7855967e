import type { Connection } from '../core/postgres/pool.js';

/** Runs the statements that a query makes, its rows of `statement`, one after the other. */
export async function runStatements(
  db: Connection,
  select: string,
  values: readonly unknown[] = [],
): Promise<void> {
  const { rows } = await db.query<{ statement: string }>(select, [...values]);
  for (const { statement } of rows) await db.query(statement);
}
