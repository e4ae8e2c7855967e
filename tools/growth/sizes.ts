import { Client, Connection } from '@temporalio/client';
import type { ClientBase } from 'pg';
import type { SagaId } from '../../core/event.js';
import { workflowIdOf } from '../../core/choreography.js';
import { services } from '../../schemas/services.js';

/** A table with its indexes. */
export interface TableSize {
  readonly name: string;
  readonly bytes: number;
}

/** The shop's tables, largest first. */
export async function tableSizes(db: ClientBase): Promise<readonly TableSize[]> {
  const { rows } = await db.query<TableSize>(
    `select format('%s.%s', schemaname, relname) as name, pg_total_relation_size(relid)::float8 as bytes
     from pg_stat_user_tables where schemaname <> 'public' order by bytes desc, name`,
  );
  return rows;
}

/** The events and bytes of the histories of an order's participants, as Temporal counts them. */
export async function historySizes(
  address: string,
  orderId: SagaId,
): Promise<Readonly<Record<string, { readonly events: number; readonly bytes: number }>>> {
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection });
    const sizes = await Promise.all(
      services.map(async (service) => {
        const { historyLength: events, historySize: bytes = 0 } = await workflow
          .getHandle(workflowIdOf(service, orderId))
          .describe();
        return [service, { events, bytes }] as const;
      }),
    );
    return Object.fromEntries(sizes);
  } finally {
    await connection.close();
  }
}
