import { Command } from 'commander';
import { seedDemoData } from '../db/demo-data.js';
import { loginsOf } from '../db/logins.js';
import { migrate } from '../db/migrate.js';
import { runProgram } from '../platform/failure.js';
import { readMigrationConfig } from './config.js';
import { logins } from '../schemas/services.js';

const program = new Command('migrate')
  .description('Brings the database to the newest schema, and gives each login its role and password.')
  .option('--demo-data', 'put the demo data into an empty shop')
  .addHelpText(
    'after',
    '\nDATABASE_URL (the owner) says where; the logins come from DATABASE_URL_<NAME>, one each for ' +
      `${logins.join(', ')}. See .env.example.`,
  )
  .parse();
const { demoData = false } = program.opts<{ demoData?: true }>();

await runProgram('migrate', async () => {
  const { ownerUrl, databaseUrls } = readMigrationConfig(process.env);
  for (const line of await migrate(ownerUrl, loginsOf(databaseUrls))) console.log(line);
  if (demoData) await seedDemoData(ownerUrl);
  console.log(`The database has the newest schema${demoData ? ' and the demo data' : ''}`);
});
