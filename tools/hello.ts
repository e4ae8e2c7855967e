import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { Command, InvalidArgumentError } from 'commander';
import { participantOf } from '../core/activity/delivery.js';
import { entryOf, roleOf, subscribersOf, workflowIdOf, workflowTypeOf } from '../core/choreography.js';
import type { CorrelationId, SagaId } from '../core/event.js';
import { createJournal } from '../core/postgres/create-journal.js';
import { createPool, type Pool } from '../core/postgres/pool.js';
import { bundleWorkflows } from '../core/worker.js';
import type { ParticipantResult } from '../core/workflow/participant.js';
import { postParcel } from '../examples/hello-choreography/activities.js';
import { choreography } from '../examples/hello-choreography/choreography.js';
import { parcelStore, parcelWorker } from '../examples/hello-choreography/worker.js';
import { startPostgres } from '../platform/embedded-postgres.js';
import { choosePort, freePort } from '../platform/ports.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { findTemporalCli } from '../platform/temporal-binary.js';
import { startTemporal } from '../platform/temporal-server.js';

const program = new Command('hello')
  .description('Runs one saga of examples/hello-choreography on a PostgreSQL and a Temporal of its own.')
  .option('--size <cm>', 'how large the parcel is; the locker takes 50 cm', readSize, 30)
  .option('--exit', 'stop when the saga is over, instead of keeping the Web UI until Ctrl-C')
  .parse();
const { size, exit = false } = program.opts<{ size: number; exit?: true }>();

const example = new URL('../examples/hello-choreography/', import.meta.url);
const say = (line: string) => console.log(line);
const logger = new DefaultLogger('WARN');
const shutdown = shutdownSignal();
const stopped = once(shutdown, 'abort');

/** What has been started; stopped in the reverse order. */
const running: (() => Promise<unknown>)[] = [];

try {
  const dataDir = await temporaryFolder();
  const { owner, pools } = await prepareDatabase(dataDir);
  const { connection, webUi } = await prepareTemporal(dataDir);
  await startWorkers(connection, pools);
  const saga = { client: new Client({ connection }), owner, courierPool: pools.courier, webUi };
  if (!shutdown.aborted) await Promise.race([stopped, runSaga(saga)]);
} finally {
  say('Stopping ...');
  for (const stop of running.reverse()) await stop();
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hello-choreography-'));
  running.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The example's own tables, the core's journal, and a pool for each service, which logs in as its own role. */
async function prepareDatabase(dataDir: string) {
  const postgres = await startPostgres({ dataDir });
  running.push(() => postgres.stop());
  const owner = openPool(postgres.ownerUrl, 'owner');
  await owner.query(await readFile(new URL('schema.sql', example), 'utf8'));
  await createJournal(owner, choreography);
  say('PostgreSQL is ready');
  const poolOf = async (service: string): Promise<Pool> => {
    const [user, password] = [roleOf(service), randomUUID()];
    await owner.query(`alter role ${user} password '${password}'`);
    return openPool(Object.assign(new URL(postgres.ownerUrl), { username: user, password }).href, service);
  };
  return { owner, pools: { courier: await poolOf('courier'), locker: await poolOf('locker') } };
}

function openPool(url: string, applicationName: string): Pool {
  const pool = createPool({ url, applicationName, onError: (error) => logger.debug(error.message) });
  running.push(() => pool.end());
  return pool;
}

async function prepareTemporal(dataDir: string) {
  const uiPort = await choosePort('TEMPORAL_UI_PORT', 8_233, process.env, say);
  const server = await startTemporal({
    binary: await findTemporalCli(say),
    dbFile: path.join(dataDir, 'temporal.db'),
    port: await freePort(),
    uiPort,
    searchAttributes: [choreography.sagaAttribute],
  });
  running.push(() => server.stop());
  // Without this the workers would hear Ctrl-C themselves.
  Runtime.install({ logger, shutdownSignals: [] });
  const connection = await NativeConnection.connect({ address: server.address });
  running.push(() => connection.close());
  say('Temporal is ready');
  return { connection, webUi: `http://127.0.0.1:${uiPort}` };
}

async function startWorkers(
  connection: NativeConnection,
  pools: Readonly<Record<'courier' | 'locker', Pool>>,
) {
  const workflowBundle = await bundleWorkflows(fileURLToPath(new URL('workflows.ts', example)), logger);
  for (const service of ['courier', 'locker'] as const) {
    const parts = { pool: pools[service], connection, namespace: 'default', workflowBundle };
    const worker = await parcelWorker(service, parts);
    const ended = worker.run();
    running.push(() => (worker.shutdown(), ended));
  }
  say('The workers are ready');
}

interface Saga {
  readonly client: Client;
  readonly owner: Pool;
  readonly courierPool: Pool;
  readonly webUi: string;
}

/** Posts a parcel, and tells what came of it once both participants have closed. */
async function runSaga({ client, owner, courierPool, webUi }: Saga): Promise<void> {
  const parcelId = randomUUID() as SagaId;
  const request = { eventId: null, correlationId: randomUUID() as CorrelationId };
  await postParcel(parcelStore('courier', courierPool), parcelId, size, request);
  say(`\nA parcel of ${size} cm is posted: ${parcelId}\n`);
  await client.workflow.start(workflowTypeOf('courier'), {
    ...participantOf(choreography, 'courier', parcelId),
    args: [parcelId],
  });
  const results: string[] = [];
  for (const service of choreography.services) {
    const handle = client.workflow.getHandle(workflowIdOf(service, parcelId));
    const { status } = (await handle.result()) as ParticipantResult;
    results.push(`${service}: ${status}`);
  }
  for (const line of await readJournal(owner)) say(line);
  say(`\n${results.join(', ')}`);
  const query = encodeURIComponent(`${choreography.sagaAttribute}="${parcelId}"`);
  say(`Temporal Web UI: ${webUi}/namespaces/default/workflows?query=${query}\n`);
  if (exit) return;
  say('Ctrl-C stops everything.');
  await stopped;
}

/** The events in the order of their writing: who told whom, and because of what. */
async function readJournal(owner: Pool): Promise<readonly string[]> {
  const { rows } = await owner.query<{ type: string; causeType: string | null }>(
    `select event.type, cause.type as "causeType"
     from journal.events event left join journal.events cause on cause.event_id = event.causation_id
     order by event.seq`,
  );
  return rows.map(({ type, causeType }) => {
    const { publisher } = entryOf(choreography, type);
    const subscribers = subscribersOf(choreography, type, causeType).join(', ');
    return `  ${type}  ${publisher} -> ${subscribers}  (${causeType === null ? 'the request' : `after ${causeType}`})`;
  });
}

function readSize(text: string): number {
  const cm = Number(text);
  if (!Number.isInteger(cm) || cm < 1) throw new InvalidArgumentError('expected a whole number from 1');
  return cm;
}
