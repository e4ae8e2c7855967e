import { groups, type Turn } from '../figures.js';
import type { Results } from '../results.js';
import { at, cpu, Figures, mostOrdersPerSecond, type Spread } from './spread.js';

/** A table: a head, and a row for each contender. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

type Cell = (contender: string) => string;

/** All that a run has to say. */
export function tablesOf(results: Results): readonly Table[] {
  const figures = new Figures(results.turns, results.baseline);
  const busiest = results.plan.inFlight.at(-1) ?? 1;
  const of = (figure: (turn: Turn) => number | undefined, digits = 0): Cell => {
    return (contender) => shown(figures.of(contender, figure), digits);
  };
  const ratio = (figure: (turn: Turn) => number | undefined): Cell => {
    return (contender) => shown(figures.ratio(contender, figure), 2);
  };
  const table = (title: string, columns: Readonly<Record<string, Cell>>): Table => ({
    title,
    head: ['', ...Object.keys(columns)],
    rows: results.contenders.map(({ name }) => [name, ...Object.values(columns).map((cell) => cell(name))]),
  });
  return [
    table(`As many times as ${results.baseline}, median (least to most of ${results.plan.rounds} rounds)`, {
      'CPU an order': ratio(cpu(busiest)),
      'orders a second': ratio(mostOrdersPerSecond),
      ...perLevel(results, (n) => [`p50 at ${n}`, ratio(at(n, ({ p50Ms }) => p50Ms))]),
    }),
    table(`CPU an order in ms, ${busiest} in flight`, {
      total: of(cpu(busiest)),
      ...Object.fromEntries(groups.map((group) => [group, of(at(busiest, ({ cpuMs }) => cpuMs[group]))])),
    }),
    table('Latency in ms, by orders in flight', {
      ...perLevel(results, (n) => [`p50 at ${n}`, of(at(n, ({ p50Ms }) => p50Ms))]),
      ...perLevel(results, (n) => [`p95 at ${n}`, of(at(n, ({ p95Ms }) => p95Ms))]),
      'orders a second': of(mostOrdersPerSecond, 1),
    }),
    table('What is written for an order', {
      'history events': of(({ history }) => history?.events),
      'state transitions': of(({ history }) => history?.transitions),
      'commits of the business': of(at(busiest, ({ business }) => business.commits)),
      'its WAL in kB': of(at(busiest, ({ business }) => business.walBytes / 1_000)),
      "Temporal's commits": of(at(busiest, ({ temporal }) => temporal?.commits)),
      'its WAL in kB ': of(at(busiest, ({ temporal }) => (temporal ? temporal.walBytes / 1_000 : undefined))),
    }),
    table('Resident memory in MB', {
      workers: of(({ memoryBytes }) => megabytes(memoryBytes.workers)),
      API: of(({ memoryBytes }) => megabytes(memoryBytes.API)),
      server: of(({ memoryBytes }) => megabytes(memoryBytes.server)),
    }),
  ];
}

const perLevel = ({ plan }: Results, column: (n: number) => readonly [string, Cell]) =>
  Object.fromEntries(plan.inFlight.map(column));

const megabytes = (bytes: number | undefined): number | undefined => bytes && bytes / 1_000_000;

function shown(spread: Spread | undefined, digits: number): string {
  if (!spread) return '–';
  const [median, min, max] = [spread.median, spread.min, spread.max].map((value) => value.toFixed(digits));
  return min === max ? String(median) : `${median} (${min}–${max})`;
}

/** For a terminal. */
export function plainText({ title, head, rows }: Table): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [title, ...[head, ...rows].map(line)].join('\n');
}

/** For a page. */
export const markdown = ({ head, rows }: Table): string =>
  [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
