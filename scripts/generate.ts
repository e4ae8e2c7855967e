import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { renderSagaFlow } from './generate/saga-flow.js';
import { renderEventTypes } from './generate/typescript-events.js';

interface GeneratedFile {
  readonly path: string;
  /** The whole new text; `present` is the file as it is now. */
  readonly render: (present: string) => string;
}

/** Every generated file, or file with a generated part. */
const files: readonly GeneratedFile[] = [
  { path: 'schemas/generated/events.ts', render: renderEventTypes },
  { path: 'docs/saga-flow.ko.md', render: renderSagaFlow },
];

const program = new Command('generate')
  .description('Writes what is generated from the Avro schemas and the catalogue.')
  .option('--check', 'write nothing; fail when a file is not up to date')
  .parse();
const { check } = program.opts<{ check?: true }>();

const stale: string[] = [];
for (const { path, render } of files) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const present = await readFile(file, 'utf8').catch(() => '');
  const fresh = render(present);
  if (fresh === present) continue;
  stale.push(path);
  if (!check) await writeFile(file, fresh);
}
for (const path of stale) console.log(check ? `not up to date: ${path}` : `written: ${path}`);
if (stale.length === 0) console.log('all generated files are up to date');
if (check && stale.length > 0) {
  console.error('run: npm run generate');
  process.exitCode = 1;
}
