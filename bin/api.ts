import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { Command } from 'commander';
import pg from 'pg';
import { createApp } from '../api/app.js';
import { isUnavailable } from '../api/http/unavailable.js';
import { createPool, type Pool } from '../core/postgres/pool.js';
import { keepSweeping } from '../core/sweep/keep-sweeping.js';
import { leadsToSharedSessions } from '../core/postgres/shared-sessions.js';
import { Forgetting } from '../db/retention/forgetting.js';
import { contradictionsOf, readApiConfig, type ApiConfig } from './config.js';
import { changesOfState } from '../platform/changes-of-state.js';
import { runProgram } from '../platform/failure.js';
import { createLogger, type Logger } from '../platform/logger.js';
import { checkSearchAttributes } from '../platform/search-attributes.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { databaseVariable } from '../platform/variables.js';
import { ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE, logins, type LoginName } from '../schemas/services.js';

/** How long requests in flight may take once the API is asked to stop. */
const DRAIN_MS = 8_000;
/** How often orders are looked for that may be forgotten, in ms. */
const FORGET_EVERY = 3_600_000;

new Command('api')
  .description('Serves the API and the dashboard until Ctrl-C; npm start does so too.')
  .addHelpText(
    'after',
    '\nThe addresses come from the environment alone: TEMPORAL_ADDRESS, and a login each for ' +
      `${logins.join(', ')} (DATABASE_URL_<NAME>). See .env.example.`,
  )
  .parse();

const stop = new AbortController();
const interrupted = shutdownSignal();
interrupted.addEventListener('abort', () => stop.abort());

await runProgram('start', async () => {
  const config = readApiConfig(process.env);
  const log = createLogger('api', config.logLevel);
  for (const line of contradictionsOf(config.orderWaits)) log.warn(line);
  await run(config, log);
});

/** Serves until the process is asked to stop; with 503 while the database or Temporal is away. */
async function run(config: ApiConfig, log: Logger): Promise<void> {
  const pools = openPools(config, log);
  const connection = Connection.lazy(config.temporal.connection);
  const client = new Client({ connection, namespace: config.temporal.namespace });
  const { temporalUiUrl, mailCatcherUrl, workerMetricsUrls } = config;
  const { orderWaits, faultsAllowed, rateLimit, corsOrigins, allowedHosts } = config;
  const addresses = { temporalUiUrl, mailCatcherUrl, workerMetricsUrls };
  const settings = { orderWaits, faultsAllowed, rateLimit, corsOrigins, allowedHosts };
  try {
    const app = createApp({ pools, client, ...addresses, ...settings, log, stopping: stop.signal });
    const server = app.listen(config.port, config.host);
    await once(server, 'listening');
    log.info({ host: config.host, port: config.port }, 'the API is listening');
    const checked = Promise.all([
      insist(log, () => requireSearchAttributes(client, config.temporal.namespace)),
      insist(log, () => requireSession(pools.observer)),
      keepForgetting(pools.operator, config, log),
    ]);
    if (!stop.signal.aborted) await once(stop.signal, 'abort');
    await drain(server);
    await checked;
  } finally {
    await Promise.all(Object.values(pools).map((pool) => pool.end()));
    await connection.close();
  }
  log.info('the API has stopped');
}

function openPools(config: ApiConfig, log: Logger): Record<LoginName, Pool> {
  const open = (login: LoginName): Pool =>
    createPool({
      url: config.databaseUrls[login],
      applicationName: `api, ${login}`,
      onError: (error) => log.debug({ err: error }, 'an idle database connection broke'),
      // The monitoring points read every order ever placed.
      ...(login === 'observer' ? { statementTimeoutMs: 10_000 } : {}),
      plansAnew: login === 'observer' || login === 'operator',
    });
  return Object.fromEntries(logins.map((login) => [login, open(login)])) as Record<LoginName, Pool>;
}

/**
 * Checks as soon as what it asks can be reached; the API cannot do its work without, and stops where the check fails. A
 * refusal by PostgreSQL, as of a password, is left to the requests and to /readyz.
 */
async function insist(log: Logger, check: () => Promise<void>): Promise<void> {
  while (!stop.signal.aborted) {
    try {
      await check();
      return;
    } catch (error) {
      if (!isUnavailable(error) && !(error instanceof pg.DatabaseError)) {
        log.fatal(error instanceof Error ? error.message : String(error));
        process.exitCode = 1;
        stop.abort();
        return;
      }
      await sleep(1_000, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }
}

/** Several at once share the work: who is behind takes what the others have left. */
async function keepForgetting(
  pool: Pool,
  { retainOrdersMs: retainMs }: ApiConfig,
  log: Logger,
): Promise<void> {
  if (retainMs === null) return;
  const forgetting = new Forgetting(pool, { retainMs });
  const step = async () => {
    const hasMore = await forgetting.step();
    if (!hasMore && forgetting.sum.orders > 0) log.info(forgetting.sum, 'forgot orders that were at rest');
    return hasMore;
  };
  const say = changesOfState(log, 'what forgetting needs');
  await keepSweeping(step, { intervalMs: FORGET_EVERY }, say, stop.signal);
}

/** No order could be placed without them. */
function requireSearchAttributes(client: Client, namespace: string): Promise<void> {
  return client.withDeadline(Date.now() + 5_000, () =>
    checkSearchAttributes(client, namespace, [ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE]),
  );
}

/** The live feed listens for notifications, which belong to a session. */
async function requireSession(pool: Pool): Promise<void> {
  if (await leadsToSharedSessions(pool))
    throw new Error(
      `${databaseVariable('observer')}: expected PostgreSQL itself or a pooler in session mode, found one in ` +
        'transaction mode; only the other logins may go through it',
    );
}

/** Accepts no more requests and lets those in flight finish; `stop` has ended those that wait for an order. */
async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const giveUp = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(giveUp);
}
