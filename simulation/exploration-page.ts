import type { Exploration } from '../core/simulation/explore/explore.js';

/** One space that was explored: one order, one kind of fault. */
export interface Explored extends Exploration {
  readonly scenario: string;
  readonly fault: string;
  readonly cpuSeconds: number;
}

/** The page of the documents that tells what was explored, of all these kinds of faults and orders. */
export function explorationPage(
  explored: readonly Explored[],
  faults: readonly string[],
  scenarios: readonly string[],
): string {
  const rows = faults.map((fault) =>
    rowOf(
      fault,
      explored.filter((space) => space.fault === fault),
      scenarios,
    ),
  );
  return [
    '<!-- Written by `npm run explore -- --record`; do not edit. -->',
    '',
    '# Explored schedules',
    '',
    'The explorer runs the real participants and decisions of one order in every order of steps that there is, with',
    'no fault and with one of each kind at every point at which it can strike. In each state the rules on what was',
    'committed hold, and at each end all rules (`simulation/rules/`). What that covers, what it does not, and why a state',
    'is known again: [decision 37](decisions/0037-every-schedule-with-one-fault.md).',
    '',
    'Each row counts three orders together: one that is paid and in stock, one without the money, one without the',
    'stock. A transition is one step out of one state; a schedule is a way from the beginning to rest, or to a state',
    'that was known already. Seconds are of CPU time, on one core. The last column says whether all three orders were',
    'explored to the end. One that was cut off has at least as many states as named, and none of those breaks a rule; one',
    'that was not begun is in no count.',
    '',
    '```',
    'npm run explore                                  # everything',
    'npm run explore -- --fault "a worker dies"       # one kind of fault',
    'npm run explore -- --check 10                    # are states of equal fingerprints the same?',
    'npm run explore -- --help',
    '```',
    '',
    '| at most one fault | states | transitions | schedules | different ends | longest | seconds | complete |',
    '|---|---:|---:|---:|---:|---:|---:|---|',
    ...rows,
    '',
  ].join('\n');
}

function rowOf(name: string, spaces: readonly Explored[], scenarios: readonly string[]): string {
  const sum = (of: (space: Explored) => number) => spaces.reduce((total, space) => total + of(space), 0);
  const counts = [
    sum(({ states }) => states),
    sum(({ transitions }) => transitions),
    sum(({ schedules }) => schedules),
    sum(({ ends }) => ends),
    Math.max(0, ...spaces.map(({ depth }) => depth)),
    Math.ceil(sum(({ cpuSeconds }) => cpuSeconds)),
  ];
  return `| ${[name, ...counts.map(grouped), completeness(spaces, scenarios)].join(' | ')} |`;
}

function completeness(spaces: readonly Explored[], scenarios: readonly string[]): string {
  const left = scenarios.flatMap((name) => {
    const space = spaces.find(({ scenario }) => scenario === name);
    if (!space) return [`not begun: ${name}`];
    return space.isComplete ? [] : [`cut off at ${grouped(space.states)} states: ${name}`];
  });
  return left.length === 0 ? 'yes' : left.join('; ');
}

const grouped = (count: number): string => count.toLocaleString('en');
