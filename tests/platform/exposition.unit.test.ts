import { expect, onTestFinished, test, vi } from 'vitest';
import { mergeExpositions, renderFamilies } from '../../platform/exposition.js';
import { shareFor } from '../../platform/shared-computation.js';
import { parseExposition } from '../support/parse-exposition.js';

const histogram = (name: string) => `# HELP ${name} Times.
# TYPE ${name} histogram
${name}_bucket{le="1"} 2
${name}_bucket{le="+Inf"} 3
${name}_sum 4.5
${name}_count 3`;

test('what is rendered is read back the same, awkward characters included', () => {
  const awkward = 'a "quoted" \\ back\nslash';
  const text = renderFamilies([
    { name: 'orders', type: 'gauge', help: awkward, samples: [{ labels: { why: awkward }, value: 1.5 }] },
    { name: 'nothing', type: 'counter', help: 'None.', samples: [] },
  ]);
  const families = parseExposition(text);
  expect(families.get('orders')?.samples).toEqual([{ name: 'orders', labels: { why: awkward }, value: 1.5 }]);
  expect(families.get('nothing')?.samples).toEqual([]);
});

test('families of the same name become one, also where others stand between them', () => {
  const merged = mergeExpositions([
    { text: `${histogram('took')}\n# TYPE once counter\n# HELP once Once.\nonce 1\n`, labels: { of: 'a' } },
    {
      text: `# HELP other Other.\n# TYPE other gauge\nother{x="1"} 1\n${histogram('took')}\n`,
      labels: { of: 'b' },
    },
    { text: '# HELP other Said differently.\n# TYPE other gauge\nother{} 3\n\n# EOF\n' },
  ]);
  const families = parseExposition(merged);
  expect([...families.keys()]).toEqual(['took', 'once', 'other']);
  expect(families.get('took')?.samples).toHaveLength(8);
  expect(families.get('took')?.samples.at(-1)).toEqual({ name: 'took_count', labels: { of: 'b' }, value: 3 });
  expect(families.get('other')).toEqual({
    type: 'gauge',
    help: 'Other.',
    samples: [
      { name: 'other', labels: { of: 'b', x: '1' }, value: 1 },
      { name: 'other', labels: {}, value: 3 },
    ],
  });
});

test('a sample with a time or a brace in a label keeps them', () => {
  const merged = mergeExpositions([
    { text: 'odd{path="/{id}"} 1 1700000000000\nplain 2 1700000000000', labels: { of: 'a' } },
  ]);
  expect(merged).toContain('odd{of="a",path="/{id}"} 1 1700000000000');
  expect(merged).toContain('plain{of="a"} 2 1700000000000');
});

test('a computation is shared while it runs and while it is fresh, and a failure is not kept', async () => {
  let runs = 0;
  let fails = true;
  const compute = shareFor(60_000, () => {
    runs++;
    return fails ? Promise.reject(new Error('away')) : Promise.resolve(runs);
  });
  const first = await Promise.allSettled([compute(), compute()]);
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await Promise.all([compute(), compute()])).toEqual([2, 2]);
  expect(await compute()).toBe(2);
});

test('what was kept long enough is computed anew', async () => {
  let runs = 0;
  const compute = shareFor(1, () => Promise.resolve(++runs));
  expect(await compute()).toBe(1);
  await expect.poll(compute).toBeGreaterThan(1);
});

test('what takes long to compute is kept no longer than it may be old', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let runs = 0;
  const compute = async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return ++runs;
  };
  const [slow, prompt] = [shareFor(1_000, compute), shareFor(1_000, compute, 1_000)];
  for (const ask of [slow, prompt]) void ask();
  await vi.advanceTimersByTimeAsync(1_600);
  const asked = Promise.all([slow(), prompt()]);
  await vi.advanceTimersByTimeAsync(500);
  expect(await asked).toEqual([1, 3]);
});
