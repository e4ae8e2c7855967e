import { devNull } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A file's name says its level; to run one level: `npx vitest run .http.test`. */
const filesOf = (...levels: readonly string[]): string[] =>
  levels.map((level) => `tests/**/*.${level}.test.ts`);

/** The levels whose files take longest, the longest last. */
const slow = [/\.(e2e|process|proof)\.test\.ts$/, /\.browser\.test\.ts$/];

/** Whole systems first, so that the last file to end is a short one. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => slow.findIndex((level) => level.test(moduleId));
    return sorted.toSorted((one, other) => rank(other) - rank(one));
  }
}

// `threads` ends in a segmentation fault with Temporal's native worker. CI has two cores; a third file runs while others
// wait. A condition may take long on a busy machine: load must not fail a test.
const everywhere = {
  pool: 'forks',
  isolate: false,
  retry: 0,
  // A developer's .env is not for tests.
  env: { ENV_FILE: devNull },
  teardownTimeout: 30_000,
  expect: { poll: { timeout: 60_000 } },
  maxWorkers: 3,
  sequence: { groupOrder: 0 },
} as const;

/** For machines without Chromium; `.ci/run` then says so. */
const withoutBrowser = process.env['WITHOUT_BROWSER'] === 'true';

export default defineConfig({
  test: {
    ...everywhere,
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        test: {
          ...everywhere,
          name: 'alone',
          include: filesOf('unit'),
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          ...everywhere,
          name: 'with servers',
          include: filesOf('db', 'http', 'workflow', 'replay'),
          globalSetup: 'tests/support/global-setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // These start servers and whole systems of their own.
        test: {
          ...everywhere,
          name: 'whole processes',
          include: filesOf('process', 'e2e'),
          globalSetup: 'tests/support/programs-setup.ts',
          testTimeout: 180_000,
          hookTimeout: 180_000,
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
        },
      },
      {
        // `npm run proofs`: tests of what other tests and the simulation notice, and of the benchmark.
        test: {
          ...everywhere,
          name: 'proofs',
          include: filesOf('proof'),
          globalSetup: ['tests/support/global-setup.ts', 'tests/support/programs-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...everywhere,
          name: 'at the end',
          include: filesOf('last'),
          globalSetup: 'tests/support/bundle-setup.ts',
          testTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
