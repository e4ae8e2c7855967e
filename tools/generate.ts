import { Command } from 'commander';
import { regenerate } from './generate/generated-files.js';

const program = new Command('generate')
  .description('Writes what is generated from the Avro schemas and the catalogue.')
  .option('--check', 'write nothing; list the files that are not up to date, and fail if there are any')
  .parse();
const { check = false } = program.opts<{ check?: true }>();

try {
  // npm runs a script in the project's folder.
  const stale = await regenerate(process.cwd(), check ? 'check' : 'write');
  for (const path of stale) console.log(check ? `not up to date: ${path}` : `written: ${path}`);
  if (stale.length === 0) console.log('all generated files are up to date');
  else if (check) program.error('run: npm run generate');
} catch (error) {
  program.error(`nothing was generated: ${error instanceof Error ? error.message : String(error)}`);
}
