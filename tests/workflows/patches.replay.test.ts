import { readFileSync } from 'node:fs';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { describe, expect, test } from 'vitest';
import { patches } from '../../workflows/patches.js';

const present = readFileSync(process.env['TEST_WORKFLOW_BUNDLE'] ?? '', 'utf8');
const replay = (code: string, history: string) =>
  Worker.runReplayHistory({ workflowBundle: { code } }, historyFromJSON(JSON.parse(history)), 'example');

/** The same change, made as if no run of before could still be replayed. */
function withoutRegistry(code: string): string {
  const parts = code.split(/isPatched: [\w.]+patched\b/);
  expect(parts).toHaveLength(2);
  return parts.join('isPatched: () => true');
}

describe.each(Object.entries(patches))('%s', (name, { example }) => {
  const history = readFileSync(example, 'utf8');

  test('its example is from before: there is no marker of it', () => {
    expect(history).not.toContain('core_patch');
    expect(history).not.toContain(name);
  });

  test('the history of before replays with the present code', async () => {
    await replay(present, history);
  });

  test('without the registry it rightly does not', async () => {
    await expect(replay(withoutRegistry(present), history)).rejects.toThrow(/nondeterminism/i);
  });
});
