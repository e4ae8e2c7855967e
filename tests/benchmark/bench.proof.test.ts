import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { programNode } from '../support/program-node.js';
import { compiled } from '../support/programs.js';

/** Those without packages of their own. */
const contenders = [
  'choreography',
  'choreography-http',
  'orchestrated',
  'orchestrated-local',
  'orchestrated-guarded',
  'outbox',
];

/** The row of a contender in the table with this title, without its name. */
function figuresOf(output: string, title: string, contender: string): readonly string[] {
  const [, table = ''] = output.split(title);
  const row = table.split('\n').find((line) => line.startsWith(`${contender} `));
  return (
    row
      ?.trim()
      .split(/\s{2,}/)
      .slice(1) ?? []
  );
}

// Seconds on a machine left alone, minutes on one that runs other files at the same time.
test('each contender completes orders, refunds what is out of stock, and has figures; its sums are right', async () => {
  // The benchmark fails where an order ends in another status than it should, or money and stock do not add up.
  const { stdout } = await promisify(execFile)(programNode(), [
    compiled('benchmark/bench'),
    '--quick',
    '--only',
    contenders.join(','),
  ]);
  for (const contender of contenders) {
    const [total, temporal, , business, workers] = figuresOf(stdout, 'CPU an order in ms', contender);
    for (const figure of [total, business, workers]) expect(Number(figure)).toBeGreaterThanOrEqual(0);
    expect(temporal).toMatch(contender === 'outbox' ? '–' : /^\d+$/);
    expect(Number(figuresOf(stdout, 'Latency in ms', contender)[0])).toBeGreaterThan(0);
  }
  // Five regular activities and six workflow tasks of three events each, a start and an end.
  expect(figuresOf(stdout, 'What is written', 'orchestrated')[0]).toBe('35');
  expect(stdout).not.toContain('Kept in');
}, 300_000);
