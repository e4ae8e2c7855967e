import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { Router } from 'express';
import type { Pool } from '../db/pool.js';
import { logins } from '../schemas/services.js';
import type { ApiDependencies } from './dependencies.js';
import { unavailable } from './http/problem.js';
import { resource } from './http/resource.js';

const CHECK_MS = 2_000;

/** Whether the process lives, and whether it can serve: every database login, and Temporal. */
export function healthRouter({ pools, client }: ApiDependencies): Router {
  const router = Router();
  resource(router, '/healthz', { get: (_, response) => void response.json({ status: 'alive' }) });
  resource(router, '/readyz', {
    get: async (_, response) => {
      const checks = await Promise.all([
        ...logins.map((login) => nameIfAway(`the database of ${login}`, askDatabase(pools[login]))),
        nameIfAway('Temporal', askTemporal(client)),
      ]);
      const away = checks.filter((name) => name !== undefined);
      if (away.length > 0) throw unavailable(`cannot reach ${away.join(', ')}`);
      response.json({ status: 'ready' });
    },
  });
  return router;
}

const askDatabase = (pool: Pool): Promise<unknown> => pool.query('select 1');

const askTemporal = (client: Client): Promise<unknown> =>
  client.withDeadline(Date.now() + CHECK_MS, () => client.connection.workflowService.getSystemInfo({}));

/** The name of what did not answer in time. */
async function nameIfAway(name: string, check: Promise<unknown>): Promise<string | undefined> {
  const answered = check.then(
    () => true,
    () => false,
  );
  const timer = new AbortController();
  const tooLate = pause(CHECK_MS, false, { signal: timer.signal }).catch(() => false);
  const isHere = await Promise.race([answered, tooLate]);
  timer.abort();
  return isHere ? undefined : name;
}
