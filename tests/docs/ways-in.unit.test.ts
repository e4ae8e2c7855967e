import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { waysInBy, type WayIn } from '../../schemas/ways-in.js';

const ways: readonly WayIn[] = Object.values(waysInBy).flat();

test.each(ways)('$does: the guard is in $guard, and $test.title is a test', ({ guard, test: { file, title } }) => {
  expect(existsSync(guard)).toBe(true);
  const text = readFileSync(file, 'utf8');
  expect(['"', "'", '`'].some((quote) => text.includes(`${quote}${title}${quote}`))).toBe(true);
});

test('every way of calling a workflow is in the table', () => {
  expect(Object.keys(waysInBy)).toEqual([
    'A signal',
    'An Update',
    'A query',
    'A start',
    'A command on a running workflow',
    'An activity task',
    'A request to the API',
  ]);
  expect(ways.length).toBeGreaterThan(35);
});
