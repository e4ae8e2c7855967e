import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPatched, type Built, type Patch } from '../../core/simulation/build.js';
import { defects } from '../../simulation/defects.js';

/** The program as `npm run simulate` runs it, on a product that is wrong. */
let built: Built;
beforeAll(async () => {
  const wrong =
    defects.find(({ name }) => name === 'a repeat does not return what is still to be published')?.patches ??
    [];
  const threadsToo: Patch = {
    file: 'core/simulation/campaign.ts',
    find: 'options.patches ?? []',
    replace: JSON.stringify(wrong),
  };
  built = await buildPatched('tools/simulate.ts', [...wrong, threadsToo]);
});
afterAll(() => built.remove());

const simulate = (...args: readonly string[]) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
    execFile(process.execPath, [built.file, ...args], (error, stdout, stderr) => {
      done({ code: error?.code ?? 0, stdout, stderr });
    });
  });

test('worlds that break a rule are printed with their seeds, and the first one can be traced again and again', async () => {
  const campaign = await simulate('--worlds', '50', '--seed', '1');
  expect(campaign.code).toBe(1);
  expect(campaign.stdout).toMatch(/\d+ worlds break a rule/);
  const [, seed = '', rule = ''] = /^seed (\d+): (.+)$/m.exec(campaign.stderr) ?? [];
  expect(campaign.stderr).toContain(`npm run simulate -- --trace ${seed}`);

  const told = await simulate('--trace', seed);
  expect(told.code).toBe(0);
  expect(told.stdout).toMatch(/^00:00:00 the API is about to commit: the order$/m);
  const [, toldRule = ''] = new RegExp(`^Seed ${seed} breaks: (.+)$`, 'm').exec(told.stdout) ?? [];
  expect(rule).toContain(toldRule);
  expect(await simulate('--trace', seed)).toEqual(told);
});

test('a seed that breaks no rule, and one that is no seed, are said so', async () => {
  expect(await simulate('--trace', '1')).toMatchObject({ code: 1, stderr: 'seed 1 breaks no rule\n' });
  expect(await simulate('--trace', 'one')).toMatchObject({ code: 1, stdout: '' });
});
