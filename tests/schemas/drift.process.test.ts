import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const DOCUMENT = 'docs/saga-flow.ko.md';
let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'drift-'));
  for (const path of [
    'package.json',
    '.prettierrc.json',
    'core',
    'schemas',
    'api',
    'db',
    'platform',
    'tools/generate',
    'tools/generate.ts',
    DOCUMENT,
    'docs/decision-tables.md',
    'docs/ways-in.md',
    'docs/asyncapi.yaml',
    'docs/asyncapi.md',
    'docs/limits.md',
    'docs/monitoring-points.md',
    'docker-compose.temporal.yml',
    '.env.compose.example',
    '.env.example',
  ])
    await cp(path, join(root, path), { recursive: true });
  await symlink(resolve('node_modules'), join(root, 'node_modules'));
});

afterAll(() => rm(root, { recursive: true }));

/** Runs the script on the copy, as `npm run generate` does. */
const generate = (...args: readonly string[]) =>
  new Promise<{ failed: boolean; stdout: string; stderr: string }>((done) => {
    const command = ['--import', 'tsx', 'tools/generate.ts', ...args];
    execFile(process.execPath, command, { cwd: root }, (error, stdout, stderr) => {
      done({ failed: error !== null, stdout, stderr });
    });
  });

async function edit(from: string, to: string): Promise<void> {
  const text = await readFile(join(root, DOCUMENT), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(root, DOCUMENT), text.replaceAll(from, to));
}

it('the check lists what is not up to date and fails, until it is generated', async () => {
  await edit('| 시도 횟수 |', '| 횟수 |');
  expect(await generate('--check')).toEqual({
    failed: true,
    stdout: `not up to date: ${DOCUMENT}\n`,
    stderr: 'run: npm run generate\n',
  });
  expect(await generate()).toEqual({ failed: false, stdout: `written: ${DOCUMENT}\n`, stderr: '' });
  expect(await generate('--check')).toMatchObject({ failed: false });
});

it('a marker that is missing is one clear line', async () => {
  await edit('<!-- AUTO_GENERATED_EVENT_SPEC_START -->', '');
  expect(await generate()).toEqual({
    failed: true,
    stdout: '',
    stderr: `nothing was generated: ${DOCUMENT} lacks <!-- AUTO_GENERATED_EVENT_SPEC_START -->\n`,
  });
});
