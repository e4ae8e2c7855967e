import { groups, type Turn } from '../figures.js';
import type { Results } from '../results.js';
import { at, cpu, Figures, mostOrdersPerSecond, type Spread } from './spread.js';

/** A table: a head, and a row for each contender. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

type Figure = (turn: Turn) => number | undefined;
type Cell = (contender: string) => string;
type Columns = Readonly<Record<string, Cell>>;

/** All that a run has to say. */
export const tablesOf = (results: Results): readonly Table[] =>
  [ratios, processorTime, latency, written, memory].map((table) => table(new Page(results)));

/** Makes cells of the figures of a run. */
class Page {
  readonly results: Results;
  /** The most orders in flight: what is told of one level only is told of this one. */
  readonly busiest: number;
  readonly #figures: Figures;

  constructor(results: Results) {
    this.results = results;
    this.busiest = results.plan.inFlight.at(-1) ?? 1;
    this.#figures = new Figures(results.turns, results.baseline);
  }

  of(figure: Figure, digits = 0): Cell {
    return (contender) => shown(this.#figures.of(contender, figure), digits);
  }

  ratio(figure: Figure): Cell {
    return (contender) => shown(this.#figures.ratio(contender, figure), 2);
  }

  perLevel(column: (inFlight: number) => readonly [string, Cell]): Columns {
    return Object.fromEntries(this.results.plan.inFlight.map(column));
  }

  table(title: string, columns: Columns): Table {
    const rowOf = (name: string) => [name, ...Object.values(columns).map((cell) => cell(name))];
    const rows = this.results.contenders.map(({ name }) => rowOf(name));
    return { title, head: ['', ...Object.keys(columns)], rows };
  }
}

const p50At = (inFlight: number): Figure => at(inFlight, ({ p50Ms }) => p50Ms);
const p95At = (inFlight: number): Figure => at(inFlight, ({ p95Ms }) => p95Ms);

const ratios = (page: Page): Table =>
  page.table(
    `As many times as ${page.results.baseline}, median (least to most of ${page.results.plan.rounds} rounds)`,
    {
      'CPU an order': page.ratio(cpu(page.busiest)),
      'orders a second': page.ratio(mostOrdersPerSecond),
      ...page.perLevel((n) => [`p50 at ${n}`, page.ratio(p50At(n))]),
    },
  );

const processorTime = (page: Page): Table =>
  page.table(`CPU an order in ms, ${page.busiest} in flight`, {
    total: page.of(cpu(page.busiest)),
    ...Object.fromEntries(
      groups.map((group) => [group, page.of(at(page.busiest, ({ cpuMs }) => cpuMs[group]))]),
    ),
  });

const latency = (page: Page): Table =>
  page.table('Latency in ms, by orders in flight', {
    ...page.perLevel((n) => [`p50 at ${n}`, page.of(p50At(n))]),
    ...page.perLevel((n) => [`p95 at ${n}`, page.of(p95At(n))]),
    'orders a second': page.of(mostOrdersPerSecond, 1),
  });

const written = (page: Page): Table =>
  page.table('What is written for an order', {
    'history events': page.of(({ history }) => history?.events),
    'state transitions': page.of(({ history }) => history?.transitions),
    'business commits': page.of(at(page.busiest, ({ business }) => business.commits)),
    'business WAL in kB': page.of(at(page.busiest, ({ business }) => business.walBytes / 1_000)),
    "Temporal's commits": page.of(at(page.busiest, ({ temporal }) => temporal?.commits)),
    "Temporal's WAL in kB": page.of(at(page.busiest, ({ temporal }) => kilobytes(temporal?.walBytes))),
  });

const memory = (page: Page): Table =>
  page.table('Resident memory in MB', {
    workers: page.of(({ memoryBytes }) => megabytes(memoryBytes.workers)),
    API: page.of(({ memoryBytes }) => megabytes(memoryBytes.API)),
    server: page.of(({ memoryBytes }) => megabytes(memoryBytes.server)),
  });

const kilobytes = (bytes: number | undefined): number | undefined => bytes && bytes / 1_000;
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
