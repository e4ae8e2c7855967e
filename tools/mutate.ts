import { fileURLToPath } from 'node:url';
import { Argument, Command } from 'commander';
import { regenerate } from './generate/generated-files.js';
import { keepReport } from './mutate/kept-report.js';
import { parts, type PartName } from './mutate/parts.js';
import { runStryker } from './mutate/stryker.js';

const root = fileURLToPath(new URL('..', import.meta.url));

const names = Object.keys(parts) as PartName[];

const program = new Command('mutate')
  .description(
    'Makes the product wrong in thousands of small ways, by Stryker, and tells which of them no test notices.',
  )
  .addArgument(new Argument('[parts...]', 'what to mutate; everything where nothing is named').choices(names))
  .option('--fresh', 'forget what earlier runs have found, and try every mutant')
  .addHelpText(
    'after',
    `
A part takes minutes. What it finds is kept in docs/mutants.json, part by part, and shown in docs/mutants.md. A mutant that survives is killed by a test, or explained in tools/mutate/explained.ts.`,
  )
  .parse();

const chosen = program.args.length > 0 ? (program.args as PartName[]) : names;
for (const name of chosen) {
  const report = await runStryker(name, parts[name], program.opts<{ fresh?: true }>().fresh === true);
  const { killed, survivors } = await keepReport(name, report);
  await regenerate(root, 'write');
  console.log(`${name}: ${killed} of ${killed + survivors.length} mutants are noticed`);
}
