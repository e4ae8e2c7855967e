import type { Rows } from '../activity/store.js';
import { keyColumn } from './journal.js';
import type { Connection } from './pool.js';
import type { Choreography } from '../choreography.js';

/**
 * Keeps each row whole, as JSON, in a table of the saga's key (primary) and a column `row jsonb not null`. Enough to
 * begin with; a service that needs columns and constraints implements `Rows` itself.
 */
export const documentRows =
  <Row extends { readonly status: string }>(choreography: Choreography, table: string, empty: Row) =>
  (db: Connection): Rows<Row> => {
    const key = keyColumn(choreography);
    return {
      lock: async (sagaId) => {
        await db.query(`insert into ${table} (${key}, row) values ($1, $2) on conflict (${key}) do nothing`, [
          sagaId,
          JSON.stringify(empty),
        ]);
        const { rows } = await db.query<{ row: Row }>(
          `select row from ${table} where ${key} = $1 for update`,
          [sagaId],
        );
        if (!rows[0]) throw new Error(`the row of ${sagaId} vanished while it was locked`);
        return rows[0].row;
      },
      read: async (sagaId) => {
        const { rows } = await db.query<{ row: Row }>(`select row from ${table} where ${key} = $1`, [sagaId]);
        return rows[0]?.row;
      },
      save: async (sagaId, row) => {
        await db.query(`update ${table} set row = $2 where ${key} = $1`, [sagaId, JSON.stringify(row)]);
      },
    };
  };
