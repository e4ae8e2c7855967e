import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { afterAll, expect, test } from 'vitest';
import { services } from '../../schemas/services.js';
import { createWorld, placementOf, type World } from '../support/saga-world.js';

const folder = fileURLToPath(new URL('../histories/', import.meta.url));
const bundle = () => ({ code: readFileSync(process.env['TEST_WORKFLOW_BUNDLE'] ?? '', 'utf8') });
const replay = (history: object, name: string) =>
  Worker.runReplayHistory({ workflowBundle: bundle() }, history, name);

const flows = [
  ['completed', placementOf('alice', 'mouse')],
  ['payment-failed', placementOf('bob', 'mouse')],
  ['out-of-stock', placementOf('alice', 'figurine')],
] as const;

// RECORD_HISTORIES=1 adds histories that are missing; those that are there are never written again.
if (process.env['RECORD_HISTORIES'] === '1') {
  let world: World | undefined;
  afterAll(() => world?.close());
  test.each(flows)('record %s', async (name, placement) => {
    world ??= await createWorld();
    const orderId = await world.place(placement);
    await world.finished('order', orderId);
    for (const service of services) {
      const file = `${folder}${name}.${service}.json`;
      const history = await world.history(service, orderId).catch(() => undefined);
      if (!history || existsSync(file)) continue;
      await world.finished(service, orderId);
      writeFileSync(file, historyToJSON(await world.history(service, orderId)));
    }
  });
}

const recorded = readdirSync(folder).filter((file) => file.endsWith('.json'));
const read = (file: string): { events: { [key: string]: unknown }[] } =>
  JSON.parse(readFileSync(folder + file, 'utf8')) as { events: { [key: string]: unknown }[] };

test('there is a history of every participant in every flow', () => {
  expect(recorded.map((file) => file.replace('.json', '')).sort()).toEqual([
    'completed.inventory',
    'completed.notification',
    'completed.order',
    'completed.payment',
    'out-of-stock.inventory',
    'out-of-stock.order',
    'out-of-stock.payment',
    'payment-failed.order',
    'payment-failed.payment',
  ]);
});

test.each(recorded)('the committed history %s replays', async (file) => {
  await replay(historyFromJSON(read(file)), file);
});

test.each(recorded)('a tampered %s does not replay', async (file) => {
  const history = read(file);
  const marker = history.events.find((event) => 'markerRecordedEventAttributes' in event);
  const text = JSON.stringify(marker);
  // The first effect becomes one that the participant never asks for.
  history.events[history.events.indexOf(marker ?? {})] = JSON.parse(
    text.replace('core_local_activity', 'core_patch'),
  ) as never;
  await expect(replay(historyFromJSON(history), file)).rejects.toThrow(/nondeterminism/i);
});
