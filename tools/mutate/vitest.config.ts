import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const { MUTATION_TESTS = '[]' } = process.env;

/** A mutant is done with as soon as one test has noticed it. */
class ShortestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toReversed();
  }
}

/** The tests of one part, one file after the other: Stryker runs those that reach a mutant. */
export default defineConfig({
  test: {
    include: JSON.parse(MUTATION_TESTS) as string[],
    pool: 'forks',
    isolate: false,
    sequence: { sequencer: ShortestFirst },
    testTimeout: 10_000,
    hookTimeout: 60_000,
  },
});
