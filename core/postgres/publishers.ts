import { roleOf, type Choreography } from '../choreography.js';
import type { Connection, Pool } from './pool.js';

/**
 * Copies from the catalogue who publishes which event; the journal lets nobody else append it. `owner` owns the
 * journal. A type that the catalogue no longer has keeps its publisher, which may be of an older release.
 */
export async function writePublishers(owner: Connection | Pool, { catalogue }: Choreography): Promise<void> {
  const publishers = Object.values(catalogue).map(({ publisher }) => roleOf(publisher));
  await owner.query(
    `insert into journal.publishers (type, published_by) select * from unnest($1::text[], $2::text[])
     on conflict (type) do update set published_by = excluded.published_by`,
    [Object.keys(catalogue), publishers],
  );
}
