import { defineConfig } from 'vitest/config';

/** A file's name says its level; to run one level: `npx vitest run .http.test`. */
const filesOf = (...levels: readonly string[]): string[] =>
  levels.map((level) => `tests/**/*.${level}.test.ts`);

// `threads` ends in a segmentation fault with Temporal's native worker. CI has two cores, so two files run at a time.
// A condition may take long on a busy machine: load must not fail a test.
const everywhere = {
  pool: 'forks',
  retry: 0,
  teardownTimeout: 30_000,
  expect: { poll: { timeout: 30_000 } },
} as const;

/** For machines without Chromium; `.ci/run` then says so. */
const withoutBrowser = process.env['WITHOUT_BROWSER'] === 'true';

export default defineConfig({
  test: {
    ...everywhere,
    projects: [
      {
        test: {
          ...everywhere,
          name: 'alone',
          include: filesOf('unit'),
          testTimeout: 10_000,
          hookTimeout: 20_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...everywhere,
          name: 'with servers',
          include: filesOf('db', 'http', 'workflow', 'replay'),
          globalSetup: 'tests/support/global-setup.ts',
          testTimeout: 60_000,
          hookTimeout: 90_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // These start servers and whole systems of their own, one after another.
        test: {
          ...everywhere,
          name: 'whole processes',
          include: filesOf('process', 'e2e'),
          globalSetup: 'tests/support/programs-setup.ts',
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...everywhere,
          name: 'in a browser',
          include: filesOf('browser'),
          exclude: withoutBrowser ? ['**'] : [],
          globalSetup: ['tests/support/global-setup.ts', 'tests/support/programs-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...everywhere,
          name: 'at the end',
          include: filesOf('last'),
          globalSetup: 'tests/support/bundle-setup.ts',
          testTimeout: 180_000,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
