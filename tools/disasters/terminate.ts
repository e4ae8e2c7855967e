import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import pg from 'pg';
import { roleOf, workflowIdOf } from '../../core/choreography.js';
import type { OrderId } from '../../schemas/ids.js';
import { decisionTables } from '../../schemas/decision-tables/decision-tables.js';
import { services, type Service } from '../../schemas/services.js';

/** A participant, as its service's row says. */
interface Seen {
  readonly service: Service;
  readonly orderId: OrderId;
  readonly status: string;
}

/** How many participants were terminated in each state, by `service STATE`; a state that none was found in has 0. */
export type Terminated = Readonly<Record<string, number>>;

/** How long a participant is left alone for want of a state that is rarer, in ms. */
const PATIENCE = 4_000;

/**
 * Terminates every running participant once, those of one service in as many states as they are found in, until
 * `isOver` and none is left. A participant that closes first is spared.
 */
export async function terminateInEachState(
  client: Client,
  databaseUrl: string,
  isOver: () => boolean,
  signal: AbortSignal,
): Promise<Terminated> {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    const rows = await rowsOf(db);
    const counts = new Map(everyState.map((state) => [state, 0]));
    const firstSeen = new Map<string, number>();
    const struck = new Set<string>();
    for (let left = 1; left > 0 || !isOver();) {
      signal.throwIfAborted();
      const running = await runningIn(client);
      const { rows: all } = await db.query<Seen>(rows);
      const candidates = all.filter(({ service, orderId }) => {
        const id = workflowIdOf(service, orderId);
        return running.has(id) && !struck.has(id);
      });
      const strikes = candidates.map(async ({ service, orderId, status }) => {
        const [id, state] = [workflowIdOf(service, orderId), `${service} ${status}`];
        const since = firstSeen.get(id) ?? Date.now();
        firstSeen.set(id, since);
        const isRare = (counts.get(state) ?? 0) <= Math.min(...countsOf(service, counts));
        if (!isRare && Date.now() - since < PATIENCE) return;
        struck.add(id);
        if (await terminate(client, id)) counts.set(state, (counts.get(state) ?? 0) + 1);
      });
      // All at once: a state does not last until its turn comes.
      await Promise.all(strikes);
      left = candidates.length;
      await sleep(20, undefined, { signal });
    }
    return Object.fromEntries(counts);
  } finally {
    await db.end();
  }
}

const statesOf = (service: Service): readonly string[] =>
  Object.keys(decisionTables[service]).map((state) => `${service} ${state}`);

const everyState = services.flatMap(statesOf);

/** Of those states of a service that some participant was found in. */
function countsOf(service: Service, counts: ReadonlyMap<string, number>): readonly number[] {
  const found = statesOf(service).flatMap((state) => counts.get(state) || []);
  return found.length < 2 ? [0] : found;
}

async function runningIn(client: Client): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query: `ExecutionStatus = 'Running'` }))
    ids.add(workflowId);
  return ids;
}

/** False where it has closed meanwhile. */
const terminate = (client: Client, workflowId: string): Promise<boolean> =>
  client.workflow
    .getHandle(workflowId)
    .terminate('a disaster')
    .then(
      () => true,
      () => false,
    );

/** Selects the row of each participant. A service's table is the one that its role may write, with one row an order. */
async function rowsOf(db: pg.Client): Promise<string> {
  const { rows } = await db.query<{ selects: string }>(
    `select string_agg(format('select %L as service, order_id as "orderId", status from %I.%I',
       service, table_schema, table_name), ' union all ') as selects
     from unnest($1::text[], $2::text[]) as owner (service, role), information_schema.columns
     join pg_index on indrelid = format('%I.%I', table_schema, table_name)::regclass and indisprimary
     where column_name = 'status' and has_table_privilege(role, indrelid, 'insert')
       and pg_get_indexdef(indexrelid) like '%(order_id)'`,
    [services, services.map(roleOf)],
  );
  return rows[0]?.selects ?? '';
}
