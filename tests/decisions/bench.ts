import { expect, test } from 'vitest';
import type { EffectResult } from '../../core/activity/effect.js';
import {
  eventOf,
  NO_CHANGE,
  THE_SAME,
  waysOf,
  type Cell,
  type InputOf,
  type SituationOf,
  type StateOf,
  type Way,
} from '../../schemas/decision-tables/cell.js';
import type { Service } from '../../schemas/services.js';
import { tablesOf } from '../support/tables-of.js';
import type { EmittedView, Scene } from './scene.js';

/**
 * What brings the real effects of one service, on its real tables, into every state and every situation of its
 * decision table. The types demand an arrangement for all that the table names, and allow no other.
 */
export interface Bench<Table, Facts> {
  readonly given: Readonly<Record<SituationOf<Table>, () => void>>;
  readonly arrive: Readonly<Record<StateOf<Table>, () => Promise<unknown>>>;
  readonly apply: Readonly<Record<InputOf<Table>, () => Promise<unknown>>>;
  look(): Promise<EffectResult<{ readonly status: string }>>;
  /** What the service holds beside its state, such as money. */
  facts(): Promise<Facts>;
  /** What it must hold once the cell has gone this way. */
  expected(before: Facts, way: Way<string>, state: string): Facts;
}

export interface TestedTable<Table, Facts> {
  readonly service: Service;
  readonly table: Table;
  readonly bench: (scene: Scene, input: InputOf<Table>) => Bench<Table, Facts>;
}

/** Makes one test of every way of every cell; returns their number. */
export function testEveryCell<Table extends object, Facts>(
  { service, table, bench }: TestedTable<Table, Facts>,
  newScene: () => Scene,
): number {
  const ways = waysIn(table);
  test.each(ways)(`${service}: %s`, async (_, { state, input, way }) => {
    const scene = newScene();
    const real = bench(scene, input);
    await arriveAt(real, { state, input, way });
    const before = await observe(scene, service, real);
    expect(before.status).toBe(state);

    await real.apply[input]();

    const after = way.then === NO_CHANGE ? state : way.then;
    expect(await observe(scene, service, real)).toEqual({
      status: after,
      events: [...before.events, ...eventsIn(way, input, scene)],
      undelivered: before.undelivered + (way.emits ? 1 : 0),
      withoutEffect: before.withoutEffect + (eventOf(input) && isEmpty(way) ? 1 : 0),
      facts: real.expected(before.facts, way, after),
    });
    if (way.then !== NO_CHANGE) expect(await updatedAt(scene, service)).toBe(scene.context().now);
  });
  return ways.length;
}

/** Brings the service into the state and the situation in which the cell goes this way. */
export async function arriveAt<Table, Facts>(
  bench: Bench<Table, Facts>,
  { state, way }: PlacedWay<Table>,
): Promise<void> {
  if (way.when !== undefined) bench.given[way.when as SituationOf<Table>]();
  await bench.arrive[state]();
}

export interface PlacedWay<Table> {
  readonly state: StateOf<Table>;
  readonly input: InputOf<Table>;
  readonly way: Way<string> & { readonly when?: string };
}

/** Every way of every cell, with a title. */
export function waysIn<Table extends object>(
  table: Table,
): readonly (readonly [title: string, PlacedWay<Table>])[] {
  const rows = Object.entries(table) as [StateOf<Table>, Readonly<Record<string, Cell<string>>>][];
  return rows.flatMap(([state, row]) =>
    Object.entries(row).flatMap(([input, cell]) =>
      waysOf(cell).map((way) => {
        const situation = way.when === undefined ? '' : `, ${way.when}`;
        return [
          `${state}, ${input}${situation}: ${way.then}`,
          { state, input: input as InputOf<Table>, way },
        ] as const;
      }),
    ),
  );
}

async function observe<Table, Facts>(scene: Scene, service: Service, bench: Bench<Table, Facts>) {
  const { row, unpublished } = await bench.look();
  return {
    status: row.status,
    events: await scene.eventsOf(service),
    undelivered: unpublished.length,
    withoutEffect: await scene.withoutEffect(),
    facts: await bench.facts(),
  };
}

/** When the row was last changed, in epoch milliseconds; undefined where there is none. */
async function updatedAt({ db: { owner }, orderId }: Scene, service: Service): Promise<number | undefined> {
  const { rows: table } = await tablesOf(owner, service);
  const { rows } = await owner.query<{ at: Date }>(
    `select updated_at as at from ${table} where order_id = $1`,
    [orderId],
  );
  return rows[0]?.at.getTime();
}

function eventsIn({ emits }: Way<string>, input: string, scene: Scene): readonly EmittedView[] {
  if (!emits) return [];
  const { type, reason, uncertain = null, causedBy = eventOf(input) ?? null } = emits;
  return [{ type, reason: reason === THE_SAME ? reasonOf(scene) : (reason ?? null), uncertain, causedBy }];
}

export const reasonOf = (scene: Scene): string | null => {
  const payload = scene.last()?.payload;
  return payload && 'reason' in payload ? payload.reason : null;
};

export const isEmpty = ({ then, emits, records, raises }: Way<string>): boolean =>
  then === NO_CHANGE && !emits && !records && raises === undefined;
