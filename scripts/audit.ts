import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { Command } from 'commander';
import pg from 'pg';
import { withConnections } from '../platform/connections.js';
import { auditDatabase, auditTemporal, type Finding } from './audit/findings.js';
import { auditRules } from './audit/rules.js';

const program = new Command('audit')
  .description(
    'Checks all invariants by SQL and by Temporal, and names every order that breaks one. Shares no rule with the services.',
  )
  .option(
    '--grace <seconds>',
    'how long services may take to catch up with each other; 0 at rest',
    Number,
    60,
  )
  .option('--json', 'print the findings as JSON')
  .addHelpText(
    'after',
    '\nDATABASE_URL (the owner) and TEMPORAL_ADDRESS say where; without them, an npm start on the same DATA_DIR is audited.',
  )
  .parse();
const { grace, json } = program.opts<{ grace: number; json?: true }>();
if (!(grace >= 0)) program.error('--grace: expected a number of seconds, 0 or more');

const dataDir = process.env['DATA_DIR'] ?? fileURLToPath(new URL('../.data', import.meta.url));
const env = withConnections(process.env, path.resolve(dataDir));

try {
  const findings = await audit();
  if (json) console.log(JSON.stringify(findings, null, 2));
  else
    for (const { subject, broken, detail } of findings)
      console.error(`${subject}: ${broken} ${detail ? `(${detail})` : ''}`);
  if (!json) console.log(findings.length === 0 ? 'Audit: clean' : `Audit: ${findings.length} findings`);
  process.exitCode = findings.length === 0 ? 0 : 1;
} catch (error) {
  console.error(`cannot audit: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

async function audit(): Promise<readonly Finding[]> {
  const url = env['DATABASE_URL'];
  if (url === undefined)
    throw new Error(
      'DATABASE_URL: missing, expected the URL of the owner, or an npm start that runs on DATA_DIR',
    );
  const db = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await db.connect();
  try {
    const { rows } = await db.query<{ orders: number }>('select count(*)::int as orders from orders.orders');
    if (!json) console.log(`${rows[0]?.orders ?? 0} orders, ${auditRules.length} rules on the database`);
    return [...(await auditDatabase(db, grace)), ...(await auditWorkflows(db))];
  } finally {
    await db.end();
  }
}

async function auditWorkflows(db: pg.Client): Promise<readonly Finding[]> {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace = 'default' } = env;
  if (address === undefined) {
    console.warn('TEMPORAL_ADDRESS: missing; only the database was audited');
    return [];
  }
  const connection = await Connection.connect({ address, connectTimeout: 5_000 });
  try {
    return await auditTemporal(new Client({ connection, namespace }), db, grace);
  } finally {
    await connection.close();
  }
}
