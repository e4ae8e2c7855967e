import { noFaults, type FaultSettings } from '../../schemas/faults.js';
import type { Service } from '../../schemas/services.js';
import type { Pool } from '../../core/postgres/pool.js';

/** The faults of a service that are in force. A service's role can read only its own. */
export async function findFaults<Name extends Service>(
  pool: Pool,
  service: Name,
): Promise<FaultSettings[Name]> {
  const { rows } = await pool.query<{ settings: FaultSettings[Name] }>(
    `select settings from faults.changes where service = $1 order by change_id desc limit 1`,
    [service],
  );
  return rows[0]?.settings ?? noFaults[service];
}
