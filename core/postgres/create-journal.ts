import { readFile } from 'node:fs/promises';
import { roleOf, type Choreography } from '../choreography.js';
import { keyColumn } from './journal.js';
import type { Connection, Pool } from './pool.js';
import { writePublishers } from './publishers.js';

/**
 * Creates the schema `journal` (`journal.sql`) in a database that has none, and admits every service to it. `owner` may
 * create schemas and the extension pgcrypto; the services' roles exist already.
 */
export async function createJournal(owner: Connection | Pool, choreography: Choreography): Promise<void> {
  const sql = await readFile(new URL('./journal.sql', import.meta.url), 'utf8');
  await owner.query(sql.replaceAll('saga_id', keyColumn(choreography)));
  await writePublishers(owner, choreography);
  for (const service of choreography.services)
    await owner.query('select journal.admit($1)', [roleOf(service)]);
}
