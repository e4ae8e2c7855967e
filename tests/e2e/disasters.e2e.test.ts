import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiled } from '../support/programs.js';

const env = { ...process.env, SWEEP_INTERVAL: '1s', SWEEP_GRACE: '2s' };

const everything =
  'Temporal lost, PostgreSQL set back, participants terminated: all orders become final, and the auditor finds nothing';

test(everything, { timeout: 900_000 }, async () => {
  const args = [compiled('tools/disasters'), '--orders', '20', '--back', '5'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const survived = [...stdout.matchAll(/^ *(.+?) +\d+ orders, all final/gm)].map(([, name]) => name);
  expect(survived).toEqual([
    'Temporal has lost its database',
    'PostgreSQL is set back',
    'every participant is terminated',
  ]);
});
