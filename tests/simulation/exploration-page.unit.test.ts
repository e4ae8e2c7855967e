import { expect, test } from 'vitest';
import { explorationPage, type Explored } from '../../simulation/exploration-page.js';

const space = (scenario: string, isComplete: boolean): Explored => ({
  ...{
    scenario,
    fault: 'a worker dies',
    isComplete,
    violation: undefined,
    milliseconds: 900,
    cpuSeconds: 0.4,
  },
  ...{ states: 1_200, transitions: 1_900, schedules: 700, ends: 3, depth: scenario.length },
});

test('a row adds up the orders of a kind of fault, and says which were cut off and which not begun', () => {
  const explored = [space('paid', false), space('not in stock', true)];
  const page = explorationPage(explored, ['no fault', 'a worker dies'], ['paid', 'not in stock', 'no money']);
  expect(page.split('\n').slice(-4, -1)).toEqual([
    '|---|---:|---:|---:|---:|---:|---:|---|',
    '| no fault | 0 | 0 | 0 | 0 | 0 | 0 | not begun: paid; not begun: not in stock; not begun: no money |',
    '| a worker dies | 2,400 | 3,800 | 1,400 | 6 | 12 | 1 | cut off at 1,200 states: paid; not begun: no money |',
  ]);
});

test('a kind of fault is complete once all its orders are', () => {
  const page = explorationPage([space('paid', true)], ['a worker dies'], ['paid']);
  expect(page).toMatch(/\| a worker dies \|.* \| yes \|\n$/);
});
