import { Command } from 'commander';
import { dataDirIn } from '../platform/data-dir.js';
import { readEnvFile } from '../platform/environment.js';
import { readSecretFiles } from '../platform/secret-files.js';
import { lineOf } from './audit/findings.js';
import { auditUntilClean, openSystem, type AuditReport } from './audit/system.js';

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
  .option('--wait <seconds>', 'look again until all is clean, at most this long', Number, 0)
  .option('--json', 'print the findings as JSON')
  .addHelpText(
    'after',
    `
DATABASE_URL (the owner) and TEMPORAL_ADDRESS say where. Without them, the npm start that runs on DATA_DIR is audited, or,
where none runs, the data that it has left there, as of its last sign of life.
The exit status is 0 when all is clean, 1 with findings, 2 when nothing could be audited.`,
  )
  .parse();
const { grace, wait, json } = program.opts<{ grace: number; wait: number; json?: true }>();
for (const [name, seconds] of Object.entries({ grace, wait }))
  if (!(seconds >= 0)) program.error(`--${name}: expected a number of seconds, 0 or more`);

try {
  readEnvFile();
  readSecretFiles(process.env);
  const system = await openSystem(process.env, dataDirIn(process.env));
  try {
    if (!json) console.log(system.isStopped ? 'Auditing the data of a stopped system' : 'Auditing');
    if (!system.temporal) console.warn('TEMPORAL_ADDRESS: missing; only the database is audited');
    const report = await auditUntilClean(system, { grace, wait });
    print(report);
    process.exitCode = report.findings.length === 0 ? 0 : 1;
  } finally {
    await system.close();
  }
} catch (error) {
  console.error(`cannot audit: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

function print({ orders, rules, findings }: AuditReport): void {
  if (json) return console.log(JSON.stringify(findings, null, 2));
  console.log(`${orders} orders, ${rules} rules on the database`);
  for (const finding of findings) console.error(lineOf(finding));
  console.log(findings.length === 0 ? 'Audit: clean' : `Audit: ${findings.length} findings`);
}
