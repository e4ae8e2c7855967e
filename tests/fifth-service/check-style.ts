import path from 'node:path';
import { CopyOfTheProject, type Ended } from './copy.js';
import { changedLines, newFiles } from './patch.js';

// `npm run types:fifth-service`: the project with the fifth service compiles, its tests too, and keeps the rules of style.

const bin = (name: string) => path.join('node_modules', name);

const touched = [...(await newFiles()), ...new Set(changedLines.map(({ file }) => file))];
const code = touched.filter((file) => file.endsWith('.ts'));
const formatted = touched.filter((file) => !file.endsWith('.sql'));

const copy = await CopyOfTheProject.create();
try {
  await copy.run('--import', 'tsx', 'tools/generate.ts').then(report);
  const checks = await Promise.all([
    copy.run(bin('typescript/bin/tsc'), '--noEmit'),
    copy.run(bin('eslint/bin/eslint.js'), ...code),
    copy.run(bin('prettier/bin/prettier.cjs'), '--check', ...formatted),
  ]);
  checks.forEach(report);
} finally {
  await copy.remove();
}

function report({ code: exitCode, output }: Ended): void {
  if (exitCode === 0) return;
  process.exitCode = 1;
  console.error(output);
}
