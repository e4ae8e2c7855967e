import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { listenerOf, Processes } from '../../benchmark/counters/processes.js';
import type { Level, Turn } from '../../benchmark/figures.js';
import { at, cpu, Figures, spreadOf } from '../../benchmark/report/spread.js';
import { tablesOf } from '../../benchmark/report/table.js';
import type { Results } from '../../benchmark/results.js';
import { freePort } from '../../platform/ports.js';
import { pageOf } from '../../tools/generate/cost.js';

const level = (inFlight: number, ms: number, workers: number): Level => ({
  ...{ inFlight, orders: 10, ordersPerSecond: 1_000 / ms, p50Ms: ms, p95Ms: 2 * ms },
  cpuMs: { 'business database': 10, workers },
  business: { commits: 5, walBytes: 20_000 },
  temporal: null,
});

const turn = (round: number, contender: string, workers: number): Turn => ({
  ...{ round, contender, levels: [level(1, 100, workers), level(8, 400, workers)] },
  memoryBytes: { workers: 3e8 },
  history: contender === 'ours' ? { events: 68, transitions: 27 } : null,
});

// The second round is a slow one for both.
const turns = [turn(0, 'ours', 50), turn(0, 'base', 20), turn(1, 'ours', 190), turn(1, 'base', 40)];

const results: Results = {
  at: '2026-11-28T10:00:00.000Z',
  machine: {
    ...{ processors: '2 x Example', memoryBytes: 24e9, system: 'Linux 6', node: 'v20.20.2', loadBefore: 0.1 },
  },
  servers: { temporal: '1.31.2', temporalStore: 'postgres12_pgx', postgres: '18.4' },
  plan: { rounds: 2, orders: 10, warmUp: 1, inFlight: [1, 8], open: 0, past: 0 },
  contenders: [
    { name: 'ours', title: 'this one' },
    { name: 'base', title: 'that one' },
  ],
  baseline: 'base',
  turns,
};

test('a ratio compares turns of the same round', () => {
  const figures = new Figures(turns, 'base');
  expect(figures.ratio('ours', cpu(8))).toEqual({ median: 3, min: 2, max: 4 });
  expect(figures.of('ours', cpu(8))).toEqual({ median: 130, min: 60, max: 200 });
});

test('what was not measured has no figure', () => {
  const figures = new Figures(turns, 'base');
  expect(figures.of('ours', cpu(4))).toBeUndefined();
  expect(figures.ratio('ours', ({ history }) => history?.events)).toBeUndefined();
  expect(
    figures.of(
      'base',
      at(8, ({ temporal }) => temporal?.commits),
    ),
  ).toBeUndefined();
  expect(spreadOf([])).toBeUndefined();
});

test('the median of an even number of values lies between two', () => {
  expect(spreadOf([9, 1, 3])).toEqual({ median: 3, min: 1, max: 9 });
  expect(spreadOf([9, 1, 3, 4])).toEqual({ median: 3.5, min: 1, max: 9 });
});

test('tables have a row for each contender, and a dash for what it has not', () => {
  const [ratios, , , written] = tablesOf(results);
  expect(ratios?.rows).toEqual([
    ['ours', '3.00 (2.00–4.00)', '1.00', '1.00', '1.00'],
    ['base', '1.00', '1.00', '1.00', '1.00'],
  ]);
  expect(written?.rows[0]).toEqual(['ours', '68', '27', '5', '20', '–', '–']);
  expect(written?.rows[1]?.[1]).toBe('–');
});

test('the page names date and machine, and says first what is lost', () => {
  const page = pageOf(results);
  expect(page).toContain('Measured on 2026-11-28: 2 x Example, 24 GB, Linux 6, Node 20.20.2.');
  expect(page).toContain('| `ours` | × 3.00 (2.00–4.00) | × 1.00 (1.00–1.00) |');
  expect(page.indexOf('## What it loses')).toBeLessThan(page.indexOf('## What it buys'));
});

test('the process behind an address is found, and its CPU', async () => {
  const server = createServer().listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as { readonly port: number };
  expect(await listenerOf(`127.0.0.1:${address.port}`)).toBe(process.pid);
  server.close();
  expect(await listenerOf('203.0.113.1:7233')).toBeUndefined();
  expect((await Processes.read()).cpuMs([process.pid])).toBeGreaterThan(0);
});
