import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../../examples/hello-choreography/', import.meta.url);

const linesOf = (name: string): number =>
  readFileSync(new URL(name, folder), 'utf8').trimEnd().split('\n').length;

test('a choreography of its own takes at most 120 lines of TypeScript, comments included', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  expect(files).toEqual(['activities.ts', 'choreography.ts', 'worker.ts', 'workflows.ts']);
  const total = files.map(linesOf).reduce((sum, lines) => sum + lines, 0);
  // Measured: 120.
  expect(total).toBeLessThanOrEqual(120);
  expect(linesOf('schema.sql')).toBeLessThanOrEqual(20);
});
