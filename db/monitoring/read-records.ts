import type { Pool } from '../../core/postgres/pool.js';
import type { Amounts } from './columns.js';
import type { RecordName, StateName } from './points.js';
import { records, states } from './records.js';

/** A value for each point that is not computed from the facts of orders. */
export type RecordMeasures = {
  readonly [Name in RecordName]: Amounts<(typeof records)[Name]['labels'][number]>;
} & {
  readonly [Name in StateName]: (typeof states)[Name] extends {
    labels: readonly (infer Label extends string)[];
  }
    ? Amounts<Label>
    : number | null;
};

/** Records of the orders whose `created_at` fulfils the condition, and the states as they are now. */
export async function readRecords(
  pool: Pool,
  createdAt: string,
  values: readonly unknown[] = [],
): Promise<RecordMeasures> {
  const { rows } = await pool.query<Amount>(selectAmounts(createdAt), [...values]);
  const amountOf = (point: string, label: string | null) =>
    rows.find((row) => row.point === point && row.label === label)?.amount;
  const measured = Object.entries({ ...records, ...states }).map(([point, definition]) => {
    if (!('labels' in definition)) return [point, amountOf(point, null) ?? null];
    return [
      point,
      Object.fromEntries(definition.labels.map((label) => [label, amountOf(point, label) ?? 0])),
    ];
  });
  return Object.fromEntries(measured) as RecordMeasures;
}

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
      ([name, definition]) =>
        `select '${name}', ${'labels' in definition ? 'label' : 'null'}, amount::float8 from (${definition.rows}) state`,
    ),
  ].join('\nunion all\n');
