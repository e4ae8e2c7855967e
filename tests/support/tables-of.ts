import { roleOf } from '../../core/choreography.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { Service } from '../../schemas/services.js';

export interface ServiceTables {
  /** One row per order, with its status. */
  readonly rows: string;
  readonly inbox: string;
}

/** Finds a service's tables by what its role may write. */
export async function tablesOf(owner: Pool, service: Service): Promise<ServiceTables> {
  const { rows } = await owner.query<ServiceTables>(
    `select format('%I.%I', table_schema, table_name) as rows, format('%I.inbox', table_schema) as inbox
     from information_schema.columns
     join pg_index on indrelid = format('%I.%I', table_schema, table_name)::regclass and indisprimary
     where column_name = 'status' and has_table_privilege($1, indrelid, 'insert')
       and pg_get_indexdef(indexrelid) like '%(order_id)'`,
    [roleOf(service)],
  );
  const [only, ...others] = rows;
  if (!only || others.length > 0)
    throw new Error(`${service} has ${rows.length} tables with a row per order`);
  return only;
}
