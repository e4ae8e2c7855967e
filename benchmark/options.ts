import { Command, InvalidArgumentError } from 'commander';
import type { Contender } from './contender.js';
import { BASELINE, contenders } from './contenders.js';
import type { Plan } from './results.js';
import type { GivenTemporal } from './servers/temporal.js';

/** What is to be measured, and where. */
export interface Options {
  readonly plan: Plan;
  readonly contenders: readonly Contender[];
  readonly given: GivenTemporal;
  /** A smoke test says nothing worth keeping. */
  readonly keep: boolean;
}

interface Given extends Omit<Plan, 'inFlight'> {
  readonly inFlight: readonly number[];
  readonly only?: readonly Contender[];
  readonly temporal?: string;
  readonly temporalDatabase?: string;
  readonly quick?: true;
}

const program = new Command('bench')
  .description(
    'Measures what an order costs as a choreography, beside what people would pick instead: orchestrated workflows, and PostgreSQL alone.',
  )
  .option('--rounds <n>', 'how often each contender has its turn', atLeast(1), 3)
  .option('--orders <n>', 'how many orders are measured at each level', atLeast(1), 120)
  .option('--warm-up <n>', 'how many orders come before that', atLeast(1), 40)
  .option('--in-flight <n,n>', 'the levels: how many orders are in flight', levels, [1, 4, 16])
  .option('--only <name,name>', 'these contenders, and the one that all are compared with', named)
  .option('--open <n>', 'how many orders of each contender wait meanwhile', atLeast(0), 0)
  .option('--past <n>', 'how many past orders the database holds', atLeast(0), 0)
  .option('--temporal <host:port>', 'a server that runs already, and that nothing else uses')
  .option('--temporal-database <url>', 'its PostgreSQL, for its figures')
  .option('--quick', 'a smoke test: a few orders each, and nothing is kept')
  .addHelpText(
    'after',
    `
Contenders:
${contenders.map(({ name, title }) => `  ${name.padEnd(22)}${title}`).join('\n')}

Starts a PostgreSQL and a Temporal server of its own, in a temporary folder. The dev server keeps its state in SQLite: for
figures that count, give one on PostgreSQL. CPU and memory are read from /proc, so Linux only. The figures are printed, and
kept in benchmark/results; npm run generate makes docs/cost.md of the newest ones.`,
  );

const QUICK = { rounds: 1, orders: 2, warmUp: 1, inFlight: [2] } as const;

export function readOptions(argv: readonly string[]): Options {
  const given = program.parse([...argv]).opts<Given>();
  const { rounds, orders, warmUp, inFlight, open, past } = { ...given, ...(given.quick && QUICK) };
  return {
    plan: { rounds, orders, warmUp, inFlight, open, past },
    contenders: given.only ?? contenders,
    given: { temporal: given.temporal, temporalDatabase: given.temporalDatabase },
    keep: given.quick !== true,
  };
}

function atLeast(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`);
  };
}

function levels(text: string): readonly number[] {
  return text.split(',').map(atLeast(1));
}

function named(text: string): readonly Contender[] {
  const names = text.split(',');
  const unknown = names.filter((name) => !contenders.some((contender) => contender.name === name));
  if (unknown.length > 0) throw new InvalidArgumentError(`Unknown: ${unknown.join(', ')}.`);
  return contenders.filter(({ name }) => name === BASELINE || names.includes(name));
}
