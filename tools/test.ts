import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const histories = await mkdtemp(path.join(tmpdir(), 'order-saga-histories-'));
process.env['TEST_HISTORIES_DIR'] = histories;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { proofs: { type: 'boolean', default: false } },
});
const project = values.proofs ? 'proofs' : '!proofs';

/**
 * Runs every test, or with `--proofs` those of what the tests and the simulation notice, and ends with the plain count,
 * for CI and people alike; TEST_RUNTIME says what it ran on.
 */
const vitest = await startVitest('test', positionals, { watch: false, run: true, project: [project] });
const modules = vitest.state.getTestModules();
const tests = modules.flatMap((module) => [...module.children.allTests()]);
const passed = tests.filter((test) => test.result().state === 'passed').length;
const brokenFiles = modules.filter(
  (module) => module.state() === 'failed' && module.errors().length > 0,
).length;
const failed = tests.length - passed + brokenFiles;
await vitest.close();
await rm(histories, { recursive: true, force: true });
if (passed === 0 || failed > 0 || vitest.state.getUnhandledErrors().length > 0) process.exitCode = 1;
if (process.env['WITHOUT_BROWSER'] === 'true') console.log('The browser tests were left out.');
const { TEST_RUNTIME: runtime } = process.env;
const what = [...(runtime === undefined ? [] : [`On ${runtime}: `]), ...(values.proofs ? ['Proofs: '] : [])];
console.log(`${what.join('')}${passed} passed, ${failed} failed`);
