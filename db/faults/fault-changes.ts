import type { FaultSettings } from '../../schemas/faults.js';
import type { EpochMillis } from '../../core/event.js';
import type { Service } from '../../schemas/services.js';
import { millis } from '../epoch-millis.js';
import type { Pool } from '../../core/postgres/pool.js';

/** All switches of a service as somebody set them. The newest change of a service is in force. */
export interface FaultChange {
  readonly id: number;
  readonly at: EpochMillis;
  /** Self-declared. */
  readonly operator: string;
  readonly service: Service;
  readonly settings: FaultSettings[Service];
}

export async function recordFaultChange(
  pool: Pool,
  { operator, service, settings }: Omit<FaultChange, 'id' | 'at'>,
): Promise<FaultChange> {
  const { rows } = await pool.query<FaultChange>(
    `insert into faults.changes (operator, service, settings) values ($1, $2, $3) returning ${columns}`,
    [operator, service, JSON.stringify(settings)],
  );
  const [change] = rows;
  if (!change) throw new Error(`the change of the faults of ${service} was not recorded`);
  return change;
}

/** The newest change of each service that has one. */
export async function newestFaultChanges(pool: Pool): Promise<readonly FaultChange[]> {
  const { rows } = await pool.query<FaultChange>(
    `select distinct on (service) ${columns} from faults.changes order by service, change_id desc`,
  );
  return rows;
}

export interface FaultChangeQuery {
  readonly service?: Service | undefined;
  /** The last id of the previous page. */
  readonly after?: number | undefined;
  readonly limit: number;
}

/** Newest first, at most `limit`. */
export async function listFaultChanges(
  pool: Pool,
  { service, after, limit }: FaultChangeQuery,
): Promise<readonly FaultChange[]> {
  const { rows } = await pool.query<FaultChange>(
    `select ${columns} from faults.changes
     where ($1::text is null or service = $1) and ($2::bigint is null or change_id < $2)
     order by change_id desc limit $3`,
    [service, after, limit],
  );
  return rows;
}

const columns = `change_id as id, ${millis('at')} as at, operator, service, settings`;
