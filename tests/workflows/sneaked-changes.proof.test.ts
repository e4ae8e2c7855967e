import { beforeAll, expect, test } from 'vitest';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { committedHistories } from './histories/committed.js';
import { patchedBundle } from './histories/patched-bundle.js';
import { failuresOf } from './histories/replay.js';
import { sneakedChanges, type SneakedChange } from './histories/sneaked-changes.js';

beforeAll(() => installQuietRuntime());

const histories = committedHistories();

/** A change of one participant is seen by its own histories, or not at all. */
const affectedBy = ({ patches }: SneakedChange) => {
  const affected = histories.filter(({ service }) =>
    patches.every(({ file }) => file === `workflows/${service}.ts`),
  );
  return affected.length > 0 ? affected : histories;
};

test('modules that are only compiled anew replay everything: it is the change that is caught', async () => {
  const files = new Set(sneakedChanges.flatMap(({ patches }) => patches.map(({ file }) => file)));
  const code = patchedBundle([...files].map((file) => ({ file, find: '', replace: '' })));
  expect(await failuresOf(code, histories)).toEqual([]);
});

test.each(sneakedChanges)('$name: a committed history does not replay', async (change) => {
  const code = patchedBundle(change.patches);
  const [failure] = await failuresOf(code, affectedBy(change), { stopAtFirst: true });
  expect(failure).toMatch(/DeterminismViolationError/);
});
