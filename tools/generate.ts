import { Command } from 'commander';
import { report } from './generate/report.js';

const program = new Command('generate')
  .description('Writes what is generated from the Avro schemas and the catalogue.')
  .option('--check', 'write nothing; list the files that are not up to date, and fail if there are any')
  .parse();
const { check = false } = program.opts<{ check?: true }>();

// npm runs a script in the project's folder.
const { lines, failure } = await report(process.cwd(), check ? 'check' : 'write');
for (const line of lines) console.log(line);
if (failure !== undefined) program.error(failure);
