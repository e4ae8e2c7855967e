import { beforeAll, expect, test } from 'vitest';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { committedHistories, type CommittedHistory } from './histories/committed.js';
import { presentBundle } from './histories/patched-bundle.js';
import { failuresOf } from './histories/replay.js';

beforeAll(() => installQuietRuntime());

const histories = committedHistories();

test('every committed history replays, of this release and of all before', async () => {
  expect(histories.length).toBeGreaterThan(50);
  expect(await failuresOf(presentBundle(), histories)).toEqual([]);
});

test('tampered with, none does', async () => {
  const failures = await failuresOf(presentBundle(), histories.map(tamperedWith));
  expect(failures.filter((failure) => failure.includes('DeterminismViolationError'))).toHaveLength(
    histories.length,
  );
});

/** The first effect becomes one that the participant never asks for. */
function tamperedWith(history: CommittedHistory): CommittedHistory {
  let tampered = false;
  const events = history.json.events.map((event) => {
    const marker = event.markerRecordedEventAttributes;
    if (tampered || !marker) return event;
    tampered = true;
    return { ...event, markerRecordedEventAttributes: { ...marker, markerName: 'core_patch' } };
  });
  return { ...history, json: { events } };
}
