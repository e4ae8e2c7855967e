import type { Pool } from '../../core/postgres/pool.js';
import type { Amounts } from './columns.js';
import type { RecordName, StateName } from './point-names.js';
import { records, states } from './records.js';

/** A value for each point that is not computed from the facts of orders. Labels that only a newer release knows follow. */
export type RecordMeasures = {
  readonly [Name in RecordName]: Amounts<(typeof records)[Name]['labels'][number]>;
} & {
  readonly [Name in StateName]: (typeof states)[Name] extends {
    labels: readonly (infer Label extends string)[];
  }
    ? Amounts<Label>
    : number | null;
};

/** The records of orders whose `created_at` meets the condition, and the current states. */
export async function readRecords(
  pool: Pool,
  createdAt: string,
  values: readonly unknown[] = [],
): Promise<RecordMeasures> {
  const { rows } = await pool.query<Amount>(selectAmounts(createdAt), [...values]);
  const measured = Object.entries({ ...records, ...states }).map(([point, query]) => {
    const amounts = rows.filter((row) => row.point === point);
    if (!('labels' in query)) return [point, amounts[0]?.amount ?? null];
    return [point, amountsByLabel(query.labels, amounts)];
  });
  return Object.fromEntries(measured) as RecordMeasures;
}

const amountsByLabel = (labels: readonly string[], found: readonly Amount[]) =>
  Object.fromEntries([
    ...labels.map((label) => [label, 0] as const),
    ...found.map(({ label, amount }) => [label ?? '', amount ?? 0] as const),
  ]);

interface Amount {
  readonly point: string;
  readonly label: string | null;
  readonly amount: number | null;
}

const selectAmounts = (createdAt: string): string =>
  [
    ...Object.entries(records).map(
      ([name, { rows }]) =>
        `select '${name}' as point, label, sum(amount)::float8 as amount from (${rows}) record
         where ${createdAt} group by label`,
    ),
    ...Object.entries(states).map(
      ([name, query]) =>
        `select '${name}', ${'labels' in query ? 'label' : 'null'}, amount::float8 from (${query.rows}) state`,
    ),
  ].join('\nunion all\n');
