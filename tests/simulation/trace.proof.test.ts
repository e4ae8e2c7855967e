import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPatched, type Built } from '../../core/simulation/build.js';
import { recordedSeeds } from '../../simulation/defect-seeds.js';
import { defects } from '../../simulation/defects.js';
import type * as Simulation from '../support/whole-simulation.js';

const NAME = 'a cancelled payment that Inventory does not know leaves no tombstone';
const defect = defects.find(({ name }) => name === NAME);

let built: Built;
let wrong: typeof Simulation;
beforeAll(async () => {
  built = await buildPatched('tests/support/whole-simulation.ts', defect?.patches ?? []);
  wrong = (await import(built.file)) as typeof Simulation;
});
afterAll(() => built.remove());

async function findFailing() {
  for (let seed = recordedSeeds[NAME] ?? 1; ; seed++) {
    const choices = wrong.choicesOf(seed);
    const { broken } = await wrong.runWorld(choices);
    if (broken.length > 0) return { seed, broken, choices: choices.made };
  }
}

const wild = (choices: readonly number[]) => choices.filter((choice) => choice !== 0);

test('a failing seed shrinks to fewer and tamer choices that break the same rule', async () => {
  const { seed, broken, choices } = await findFailing();
  const trace = await wrong.traceOf(seed);
  expect(trace.verdict.broken).toContain(broken[0]);
  expect(trace.choices.length).toBeLessThan(choices.length);
  expect(wild(trace.choices).length).toBeLessThan(wild(choices).length);
  for (const [index, choice] of trace.choices.entries()) {
    if (choice === 0) continue;
    const tamer = await wrong.runWorld(wrong.choicesAgain(trace.choices.with(index, 0)));
    expect(tamer.broken).not.toContain(broken[0]);
  }
});

test('a failing seed and what it shrinks to replay exactly', async () => {
  const { seed } = await findFailing();
  const { verdict, choices } = await wrong.traceOf(seed);
  for (let time = 1; time <= 2; time++)
    expect(await wrong.runWorld(wrong.choicesAgain(choices))).toEqual(verdict);
  expect((await wrong.traceOf(seed)).choices).toEqual(choices);
  const [first, second] = [
    await wrong.runWorld(wrong.choicesOf(seed)),
    await wrong.runWorld(wrong.choicesOf(seed)),
  ];
  expect(second).toEqual(first);
});

test('the story says in plain words who did what, when, and what went wrong', async () => {
  const { seed } = await findFailing();
  const { verdict } = await wrong.traceOf(seed);
  expect(verdict.trace.length).toBeGreaterThan(10);
  for (const line of verdict.trace) expect(line).toMatch(/^(\d\d:\d\d:\d\d| {8}) [\w ,:'.]+$/);
  expect(verdict.trace.some((line) => / {2}but | has no worker /.test(line))).toBe(true);
  expect(verdict.trace).toContain('           payment is REFUNDED');
  expect(verdict.trace).toContain('           inventory is NOTHING');
});

test('a seed that breaks no rule has no trace', async () => {
  const { traceOf } = await import('../../simulation/trace.js');
  await expect(traceOf(1)).rejects.toThrow('seed 1 breaks no rule');
});
