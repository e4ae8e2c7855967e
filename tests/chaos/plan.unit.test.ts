import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kinds } from '../../tools/chaos/kinds.js';
import { drawPlan, faultsOf, readPlan } from '../../tools/chaos/plan.js';
import { seededRandom } from '../../tools/demo/random.js';

const names = Object.keys(kinds);
const draw = (seed: number, count: number) =>
  drawPlan({ seed, orders: 2 * count, count, names }, seededRandom(seed));

test('the same seed draws the same plan, another seed another one, each with as many faults as are asked for', () => {
  expect(draw(1, 50)).toEqual(draw(1, 50));
  expect(draw(2, 50).strikes).not.toEqual(draw(1, 50).strikes);
  for (const count of [1, 2, 50]) expect(faultsOf(draw(1, count))).toHaveLength(count);
});

test('a long plan has every kind of fault on every target, as long and as strong as the kind allows', () => {
  const faults = faultsOf(draw(7, 20_000));
  for (const [name, { targets, lasts, amounts }] of Object.entries(kinds))
    for (const target of targets) {
      const drawn = faults.filter((fault) => fault.kind === name && fault.target === target);
      expect([name, target, drawn.length > 0]).toEqual([name, target, true]);
      for (const { ms, amount } of drawn) {
        expect(ms).toBeGreaterThanOrEqual(lasts[0]);
        expect(ms).toBeLessThanOrEqual(lasts[1]);
        const [least, most] = amounts?.(target) ?? [0, 0];
        expect(amount ?? 0).toBeGreaterThanOrEqual(least);
        expect(amount ?? 0).toBeLessThanOrEqual(most);
      }
    }
});

test('some faults come together, on different targets, and none beside one that comes alone', () => {
  const together = draw(7, 5_000).strikes.filter(({ faults }) => faults.length > 1);
  expect(together.length).toBeGreaterThan(200);
  for (const { faults } of together) {
    expect(new Set(faults.map(({ target }) => target)).size).toBe(faults.length);
    expect(faults.filter(({ kind }) => kinds[kind]?.isAlone)).toEqual([]);
  }
});

test('faults are drawn of the kinds that are named, and of no other', () => {
  const plan = drawPlan({ seed: 1, orders: 1, count: 40, names: ['killed', 'full disk'] }, seededRandom(1));
  expect(new Set(faultsOf(plan).map(({ kind }) => kind))).toEqual(new Set(['killed', 'full disk']));
});

test('a printed plan is read back as it was; one with an unknown fault or target is refused', () => {
  const plan = draw(3, 20);
  expect(readPlan(JSON.stringify(plan))).toEqual(plan);
  const withFault = (fault: object) =>
    JSON.stringify({ seed: 1, orders: 1, strikes: [{ calmMs: 0, faults: [fault] }] });
  expect(readPlan(withFault({ kind: 'killed', target: 'API', ms: 5 })).orders).toBe(1);
  for (const fault of [
    { kind: 'bored', target: 'API', ms: 5 },
    { kind: 'killed', target: 'the customer', ms: 5 },
    { kind: 'killed', target: 'API' },
  ])
    expect(() => readPlan(withFault(fault))).toThrow('this is no plan of faults');
});

test('the short plan of CI has every kind of fault that needs no other version and is over in a few seconds', () => {
  const planned = faultsOf(readPlan(readFileSync('tools/chaos/short-plan.json', 'utf8')));
  const short = names.filter(
    (name) => !kinds[name]?.needsOtherBuild && Number(kinds[name]?.lasts[0]) < 5_000,
  );
  expect(new Set(planned.map(({ kind }) => kind))).toEqual(new Set(short));
});
