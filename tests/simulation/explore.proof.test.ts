import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPatched, type Built } from '../../core/simulation/build.js';
import { defects } from '../../simulation/defects.js';

/** The program as `npm run explore` runs it, on a product that is wrong. */
let built: Built;
beforeAll(async () => {
  const wrong = defects.find(({ name }) => name === 'an error while delivering is swallowed');
  built = await buildPatched('tools/explore.ts', wrong?.patches ?? []);
});
afterAll(() => built.remove());

const run = (fault: string, ...more: readonly string[]) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
    const args = [built.file, '--scenario', 'not enough money', '--fault', fault, ...more];
    execFile(process.execPath, args, (error, stdout, stderr) => {
      done({ code: error?.code ?? 0, stdout, stderr });
    });
  });

test('a space without a violation is counted', async () => {
  const { code, stdout } = await run('no fault');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^complete {3}not enough money, no fault: 18 states, 17 transitions, 1 ends, [\d.]+ s\n$/,
  );
});

test('a violation is printed as its shortest schedule, which can be replayed', async () => {
  const found = await run('a delivery fails');
  expect(found.code).toBe(1);
  const [, rule = ''] = /^\d+ choices break: (.+)$/m.exec(found.stderr) ?? [];
  const [, choices = ''] = /--replay '(.+)'$/m.exec(found.stderr) ?? [];
  expect(rule).toMatch(/\w/);
  const again = await run('a delivery fails', '--replay', choices);
  expect(again.code).toBe(1);
  expect(again.stdout).toMatch(/^00:00:00 order delivers OrderCreatedEvent to payment$/m);
  expect(again.stdout).toContain(`Broken: ${rule}`);
});
