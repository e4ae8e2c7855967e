import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { z } from 'zod';
import type { Pool } from '../../db/pool.js';
import { logins } from '../../schemas/services.js';
import type { ApiDependencies } from '../dependencies.js';
import type { Face } from '../http/router.js';
import { operation } from '../http/operation.js';
import { unavailable } from '../http/problem.js';

const CHECK_MS = 2_000;

/** Whether the process lives, and whether it can serve: every database login, and Temporal. */
export const healthFace = (deps: ApiDependencies): Face => ({
  name: 'Health',
  description: 'Whether the API lives, and whether it can serve.',
  resources: { '/healthz': { get: showAlive }, '/readyz': { get: showReady(deps) } },
});

const showAlive = operation({
  id: 'showAlive',
  summary: 'Says that the process lives',
  answers: { 200: { description: 'It lives', body: z.strictObject({ status: z.literal('alive') }) } },
  handle: () => ({ status: 200, body: { status: 'alive' } as const }),
});

const showReady = ({ pools, client }: ApiDependencies) =>
  operation({
    id: 'showReady',
    summary: 'Says whether the database and Temporal can be reached',
    answers: { 200: { description: 'They can', body: z.strictObject({ status: z.literal('ready') }) } },
    handle: async () => {
      const checks = await Promise.all([
        ...logins.map((login) => nameIfAway(`the database of ${login}`, askDatabase(pools[login]))),
        nameIfAway('Temporal', askTemporal(client)),
      ]);
      const away = checks.filter((name) => name !== undefined);
      if (away.length > 0) throw unavailable(`cannot reach ${away.join(', ')}`);
      return { status: 200, body: { status: 'ready' } as const };
    },
  });

const askDatabase = (pool: Pool): Promise<unknown> => inTime(pool.query('select 1'));

/** Not left alone before its own deadline: it would try again even when the connection is closed, and throw. */
const askTemporal = (client: Client): Promise<unknown> =>
  client.withDeadline(Date.now() + CHECK_MS, () => client.connection.workflowService.getSystemInfo({}));

/** The name of what did not answer. */
const nameIfAway = (name: string, check: Promise<unknown>): Promise<string | undefined> =>
  check.then(
    () => undefined,
    () => name,
  );

async function inTime(answer: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const tooLate = pause(CHECK_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no answer within ${CHECK_MS} ms`);
  });
  await Promise.race([answer, tooLate]).finally(() => timer.abort());
}
