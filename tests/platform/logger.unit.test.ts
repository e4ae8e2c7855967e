import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const loggedBy = (statement: string): unknown =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        ...['--import', 'tsx', '--input-type', 'module', '--eval'],
        `import { createLogger } from './platform/logger.ts';
         const refused = Object.assign(new Error('no such row'), { code: '23503', detail: 'Key (email)=(a@b.example)' });
         const log = createLogger('payment');
         ${statement}`,
      ],
      { cwd: root, encoding: 'utf8' },
    ),
  );

test.each(['err', 'error'])(
  'an error logged as `%s` is told, but not the values that a database adds',
  (key) => {
    const line = loggedBy(`log.warn({ ${key}: refused }, 'Activity failed')`);
    expect(line).toMatchObject({
      msg: 'Activity failed',
      [key]: {
        name: 'Error',
        message: 'no such row',
        code: '23503',
        stack: expect.stringContaining('Error: no such row') as string,
      },
    });
    expect(JSON.stringify(line)).not.toContain('a@b.example');
  },
);
