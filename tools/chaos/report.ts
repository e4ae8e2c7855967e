import { kinds } from './kinds.js';
import type { Standing } from './standing.js';

/** A fault that has struck, and the orders that were on their way at that moment. */
export interface Struck {
  readonly kind: string;
  /** Undefined where the database could not be asked. */
  readonly inFlight: readonly string[] | undefined;
}

export interface Outcome {
  readonly seed: number;
  readonly planned: { readonly faults: number; readonly orders: number };
  readonly seconds: number;
  readonly struck: readonly Struck[];
  /** Of all orders, when all were at rest. */
  readonly standings: readonly Standing[];
  /** Orders that were placed once more, since the database had been set back. */
  readonly placedAgain: ReadonlySet<string>;
  /** Orders whose notification an operator had to retry. */
  readonly retried: ReadonlySet<string>;
  /** How long after the last fault the last order came to rest, in ms. */
  readonly restedAfter: number;
  readonly findings: readonly string[];
  /** Which faults could not be made, and why. */
  readonly left: Readonly<Record<string, string>>;
  readonly command: string;
}

const endings = ['COMPLETED', 'PAYMENT_FAILED', 'OUT_OF_STOCK'] as const;

/** One row for each kind of fault that there is, in the registry's order. */
export function tableOf({ struck, standings, retried }: Outcome): readonly (readonly string[])[] {
  const byId = new Map(standings.map((standing) => [standing.orderId, standing]));
  const rowOf = (name: string, ofKind: readonly Struck[]) => {
    const hit = ofKind.flatMap(({ inFlight = [] }) => inFlight);
    const most = Math.max(0, ...ofKind.map(({ inFlight = [] }) => inFlight.length));
    const ended = (wanted: string) => hit.filter((id) => byId.get(id)?.status === wanted).length;
    const helped = hit.filter((id) => retried.has(id)).length;
    const counts = [ofKind.length, hit.length, most, ...endings.map(ended), helped];
    return [name, ...counts.map(String)];
  };
  const rows = Object.keys(kinds).map((name) =>
    rowOf(
      name,
      struck.filter(({ kind }) => kind === name),
    ),
  );
  return [...rows.filter(([, count]) => count !== '0'), rowOf('all', struck)];
}

const heads = ['fault', 'times', 'orders in flight', 'at most', ...endings, 'by a retry'];

/** The page that `--report` writes. */
export function reportOf(outcome: Outcome): string {
  const { seed, planned, seconds, struck, standings, findings, left, command } = outcome;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const lines = [
    '# What faults do to a running system',
    '',
    `Written by \`${command}\`. [Decision 38](decisions/0038-chaos-on-real-processes.md) says how.`,
    '',
    `**${struck.length} faults over ${standings.length} orders** in ${Math.round(seconds / 60)} min (seed ${seed}; ${planned.faults} faults and ${planned.orders} orders were`,
    `planned). ${findings.length === 0 ? 'The audit is clean.' : `${findings.length} findings.`} The last order came to rest ${Math.round(outcome.restedAfter / 1_000)} s after the last fault.`,
    '',
    `Failed notifications that an operator retried: ${outcome.retried.size}. Orders that were accepted after a backup of PostgreSQL, lost when it was`,
    `restored, and placed again by their customers: ${outcome.placedAgain.size}.`,
    '',
    'In the table, an order counts once for every fault that struck while it was on its way, as "orders in flight"; "at most" is the',
    'highest number at one fault. The columns after that say how these orders ended, and how many needed the retry.',
    '',
    line(heads),
    line(heads.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...tableOf(outcome).map(line),
    '',
    '## How all orders ended',
    '',
    line(['status', 'reason', 'orders']),
    line(['---', '---', '---:']),
    ...endingsOf(standings).map(line),
    ...section(
      'Faults that could not be made',
      Object.entries(left).map(([name, why]) => `- ${name}: ${why}`),
    ),
    ...section(
      'Findings',
      findings.map((finding) => `- ${finding}`),
    ),
    '',
  ];
  return lines.join('\n');
}

function endingsOf(standings: readonly Standing[]): readonly (readonly string[])[] {
  const counts = new Map<string, number>();
  for (const { status, reason } of standings) {
    const key = `${status} | ${reason ?? ''}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort().map(([key, count]) => [...key.split(' | '), String(count)]);
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
