import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { beforeAll, expect, test } from 'vitest';
import type { Context } from '../../workflows/context.js';
import type { InventoryEffects } from '../../activities/inventory.js';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { committedHistories, localActivitiesIn, type CommittedHistory } from './histories/committed.js';
import { patchedBundle, presentBundle } from './histories/patched-bundle.js';
import { failuresOf } from './histories/replay.js';
import { Act, settings } from './histories/scenes.js';
import { openStage } from './histories/stage.js';
import { EXAMPLE_PATCH, withoutPatch, withPatch } from './histories/worked-patch.js';

const before = committedHistories().filter(({ service }) => service === 'inventory');
const patched = patchedBundle([withPatch]);
const unpatched = patchedBundle([withoutPatch]);
let after: CommittedHistory;

beforeAll(async () => {
  installQuietRuntime();
  after = await recordReservation(patched);
});

/** A reservation by workers that run this code. */
async function recordReservation(code: string): Promise<CommittedHistory> {
  const stage = await openStage({ settings: settings.patient, code });
  try {
    const act = new Act(stage);
    await act.tell('inventory', 'PaymentCompletedEvent');
    await act.closed('inventory');
    const [run] = stage.runsOf(act.orderId);
    if (!run) throw new Error('Inventory has not run');
    const json = JSON.parse(
      historyToJSON(await stage.historyOf(act.orderId, run)),
    ) as CommittedHistory['json'];
    return { name: 'after', service: 'inventory', json };
  } finally {
    await stage.close();
  }
}

test('a new run does what the change says, and its history has the marker', () => {
  expect(localActivitiesIn(after)).toEqual(['look', 'reserve', 'publish']);
  expect(after.json.events.map((event) => event.markerRecordedEventAttributes?.markerName)).toContain(
    'core_patch',
  );
});

test('patched, histories of before and of after replay', async () => {
  expect(before.length).toBeGreaterThan(5);
  expect(await failuresOf(patched, [...before, after])).toEqual([]);
});

test('unpatched, the same change replays no reservation of before', async () => {
  const failures = await failuresOf(unpatched, before);
  const reserved = before.filter((history) => localActivitiesIn(history).includes('reserve'));
  expect(reserved.length).toBeGreaterThan(1);
  for (const { name } of reserved)
    expect(failures.find((failure) => failure.startsWith(name))).toMatch(/DeterminismViolationError/);
});

test('code without the change replays no history of after: it cannot be rolled back', async () => {
  expect(await failuresOf(presentBundle(), [after])).toEqual([
    expect.stringMatching(/DeterminismViolationError/),
  ]);
});

test('only registered names compile', () => {
  const ask = (context: Context<InventoryEffects>): boolean =>
    // @ts-expect-error the example is not in workflows/patches.ts
    context.isPatched(EXAMPLE_PATCH);
  expect(ask).toBeTypeOf('function');
});
