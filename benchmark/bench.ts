import { shutdownSignal } from '../platform/shutdown.js';
import { runRounds } from './campaign.js';
import { BASELINE } from './contenders.js';
import { readOptions, type Options } from './options.js';
import { plainText, tablesOf } from './report/table.js';
import { describeTemporal, keepResults, thisMachine, type Results } from './results.js';
import { startServers, type Servers } from './servers/servers.js';

const options = readOptions(process.argv);
const signal = shutdownSignal();

try {
  const servers = await startServers({
    ...options.given,
    mailRetryInterval: options.plan.open > 0 ? '1d' : '1m',
    say: console.log,
  });
  try {
    await show(await measure(options, servers));
  } finally {
    await servers.stop();
  }
} catch (error) {
  if (!signal.aborted) console.error(error);
  process.exitCode = 1;
}

async function measure({ plan, contenders }: Options, servers: Servers): Promise<Results> {
  const at = new Date().toISOString();
  const machine = thisMachine();
  const turns = await runRounds(contenders, plan, servers, signal);
  return {
    at,
    machine,
    servers: { ...(await describeTemporal(servers.client)), postgres: await postgresVersion(servers) },
    plan,
    contenders: contenders.map(({ name, title }) => ({ name, title })),
    baseline: BASELINE,
    turns,
  };
}

async function postgresVersion({ owner }: Servers): Promise<string> {
  const { rows } = await owner.query<{ server_version: string }>('show server_version');
  return rows[0]?.server_version ?? '';
}

async function show(results: Results): Promise<void> {
  for (const table of tablesOf(results)) console.log(`\n${plainText(table)}`);
  if (options.keep) console.log(`\nKept in ${await keepResults(results)}`);
}
