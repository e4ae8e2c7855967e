import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generatedFiles } from '../../tools/generate/generated-files.js';
import { report } from '../../tools/generate/report.js';
import { compiled } from '../support/programs.js';
import { programNode } from '../support/program-node.js';

const DOCUMENT = 'docs/saga-flow.ko.md';
const generated = generatedFiles.filter(({ path }) => path === DOCUMENT);
let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'drift-'));
  for (const { path } of generatedFiles) await cp(path, join(root, path));
});

afterAll(() => rm(root, { recursive: true }));

/** Runs the program as `npm run drift` does, which runs it in the project's folder. */
const check = () =>
  new Promise<{ failed: boolean; stdout: string; stderr: string }>((done) => {
    execFile(programNode(), [compiled('tools/generate'), '--check'], { cwd: root }, (error, stdout, stderr) =>
      done({ failed: error !== null, stdout, stderr }),
    );
  });

async function edit(from: string, to: string): Promise<void> {
  const text = await readFile(join(root, DOCUMENT), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(root, DOCUMENT), text.replaceAll(from, to));
}

it('the check lists what is not up to date and fails, until it is generated', async () => {
  await edit('| 시도 횟수 |', '| 횟수 |');
  expect(await check()).toEqual({
    failed: true,
    stdout: `not up to date: ${DOCUMENT}\n`,
    stderr: 'run: npm run generate\n',
  });
  expect(await report(root, 'write', generated)).toEqual({ lines: [`written: ${DOCUMENT}`] });
  expect(await report(root, 'check', generated)).toEqual({ lines: ['all generated files are up to date'] });
});

it('a marker that is missing is one clear line', async () => {
  await edit('<!-- AUTO_GENERATED_EVENT_SPEC_START -->', '');
  expect(await report(root, 'write', generated)).toEqual({
    lines: [],
    failure: `nothing was generated: ${DOCUMENT} lacks <!-- AUTO_GENERATED_EVENT_SPEC_START -->`,
  });
});
