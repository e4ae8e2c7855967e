import { Command } from 'commander';
import { createPool } from '../core/postgres/pool.js';
import { Forgetting, type Forgotten } from '../db/retention/forgetting.js';
import { withConnections } from '../platform/connections.js';
import { dataDirIn } from '../platform/data-dir.js';
import { ConfigurationError } from '../platform/environment.js';
import { runProgram } from '../platform/failure.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { readForgettingConfig } from './config.js';

const program = new Command('forget')
  .description(
    'Forgets the events and other records of the orders that have been at rest for RETAIN_ORDERS. The orders, payments, reservations, notifications and ledgers stay.',
  )
  .option('--dry-run', 'count what would be forgotten, and forget nothing')
  .option('--older-than <duration>', 'instead of RETAIN_ORDERS, as in 365d')
  .addHelpText(
    'after',
    `
The API does this by itself; the command is for the first time, or where the API is told RETAIN_ORDERS=off. It works in
small batches, may be interrupted and repeated, and run several times at once. An order stays while it needs a person or
is not at rest. DATABASE_URL_OPERATOR says where; without it, the npm start that runs on DATA_DIR is meant.`,
  )
  .parse();
const { dryRun: isDryRun = false, olderThan } = program.opts<{ dryRun?: true; olderThan?: string }>();

const interrupted = shutdownSignal();
const EVERY_MS = 1_000;

await runProgram('forget', async () => {
  const env = withConnections(process.env, dataDirIn(process.env));
  const given = olderThan === undefined ? env : { ...env, RETAIN_ORDERS: olderThan };
  const { databaseUrl, retainOrdersMs: retainMs } = readForgettingConfig(given);
  if (retainMs === null)
    throw new ConfigurationError('RETAIN_ORDERS: it is off; say how old with --older-than');
  const pool = createPool({ url: databaseUrl, applicationName: 'forget', onError: () => undefined });
  try {
    const forgetting = new Forgetting(pool, { retainMs, isDryRun });
    let shownAt = Date.now();
    while (!interrupted.aborted && (await forgetting.step())) {
      if (Date.now() - shownAt < EVERY_MS) continue;
      console.log(`... ${lineOf(forgetting.sum)}`);
      shownAt = Date.now();
    }
    console.log(`${interrupted.aborted ? 'Interrupted. ' : ''}${lineOf(forgetting.sum)}`);
  } finally {
    await pool.end();
  }
});

function lineOf({ orders, entries, kept, strays }: Forgotten): string {
  const done = isDryRun ? `Would forget ${orders} orders` : `Forgot ${orders} orders, ${entries} rows`;
  return `${done}, and ${strays} stray entries of the quarantine; ${kept} old orders need somebody or are not at rest`;
}
