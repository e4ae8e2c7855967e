import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { checkDatabase } from '../../core/postgres/check-database.js';
import type { Pool } from '../../core/postgres/pool.js';
import { isReadOnly } from '../../core/postgres/sql-state.js';
import { logins, type LoginName } from '../../schemas/services.js';
import { shareFor } from '../../platform/shared-computation.js';
import type { ApiDependencies } from '../dependencies.js';
import type { ResourceGroup } from '../http/router.js';
import { operation } from '../http/operation.js';
import { unavailable } from '../http/problem.js';

const CHECK_MS = 2_000;

/** Anybody may ask, and each check is a request to Temporal and to every database login. */
const SHARED_MS = 1_000;

/** Liveness, and readiness: every database login, those that write included, and Temporal. */
export const healthResources = (deps: ApiDependencies): ResourceGroup => ({
  name: 'Health',
  description: 'Liveness and readiness of the API.',
  resources: { '/healthz': { get: getAlive }, '/readyz': { get: getReady(deps) } },
});

const getAlive = operation({
  id: 'showAlive',
  summary: 'Says that the process is alive',
  responses: { 200: { description: 'It is alive', body: z.strictObject({ status: z.literal('alive') }) } },
  handle: () => ({ status: 200, body: { status: 'alive' } as const }),
});

const getReady = (deps: ApiDependencies) => {
  const check = shareFor(SHARED_MS, () => requireAll(deps), SHARED_MS);
  return operation({
    id: 'showReady',
    summary: 'Says whether the database and Temporal are reachable',
    responses: { 200: { description: 'They are', body: z.strictObject({ status: z.literal('ready') }) } },
    handle: async () => {
      await check();
      return { status: 200, body: { status: 'ready' } as const };
    },
  });
};

async function requireAll({ pools, client }: ApiDependencies): Promise<void> {
  const checks = await Promise.all([
    ...logins.map((login) => problemOf(`the database of ${login}`, askDatabase(login, pools[login]))),
    problemOf('Temporal', askTemporal(client)),
  ]);
  const found = checks.filter((problem) => problem !== undefined);
  if (found.length > 0) throw unavailable(found.join(', '));
}

/** The observer may be meant to read a standby. */
const askDatabase = (login: LoginName, pool: Pool): Promise<unknown> =>
  inTime(login === 'observer' ? pool.query('select 1') : checkDatabase(pool));

/** Waits for the client's own deadline: a check left behind would retry after the connection is closed, and throw. */
const askTemporal = (client: Client): Promise<unknown> =>
  client.withDeadline(Date.now() + CHECK_MS, () => client.connection.workflowService.getSystemInfo({}));

/** What is wrong with the part of this name; undefined if the check succeeds. */
const problemOf = (name: string, check: Promise<unknown>): Promise<string | undefined> =>
  check.then(
    () => undefined,
    (error: unknown) => (isReadOnly(error) ? `${name} is read-only` : `cannot reach ${name}`),
  );

async function inTime(check: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const tooLate = pause(CHECK_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no response within ${CHECK_MS} ms`);
  });
  await Promise.race([check, tooLate]).finally(() => timer.abort());
}
