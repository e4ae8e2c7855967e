import { defineConfig } from 'vitest/config';

const { MUTATION_TESTS = '[]' } = process.env;

/** The tests of one part, one file after the other: Stryker runs those that reach a mutant. */
export default defineConfig({
  test: {
    include: JSON.parse(MUTATION_TESTS) as string[],
    pool: 'forks',
    isolate: false,
    testTimeout: 10_000,
    hookTimeout: 60_000,
  },
});
