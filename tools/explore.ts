import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { explore } from '../core/simulation/explore/explore.js';
import { replay } from '../core/simulation/explore/replay.js';
import { checkFingerprints } from '../core/simulation/explore/self-check.js';
import { shortestViolation } from '../core/simulation/explore/shortest.js';
import type { FaultKind } from '../core/simulation/explore/fault-kind.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { explorationPage, type Explored } from '../simulation/exploration-page.js';
import { faultKinds, openWorld, scenarios, type ScenarioName } from '../simulation/explorer.js';
import { createBar } from './progress.js';

const scenarioNames = Object.keys(scenarios) as ScenarioName[];
const program = new Command('explore')
  .description(
    'Tries every schedule of one order with at most one fault: the real participants and decisions, in a simulated ' +
      'world whose every choice is made in turn. Each kind of fault is a space of its own. Ends with 1 where a rule is ' +
      'broken or a space is not complete.',
  )
  .addOption(new Option('--scenario <name>', 'only this order').choices(scenarioNames))
  .addOption(new Option('--fault <name>', 'only this kind').choices(faultKinds.map(({ name }) => name)))
  .option('--minutes <n>', 'give up a space after so many minutes', Number, 60)
  .option('--record', 'write what was found to docs/explored-schedules.md, after each space')
  .addOption(
    new Option(
      '--check <n>',
      'compare what follows from every n-th pair of states that pass for the same',
    ).argParser(Number),
  )
  .addOption(
    new Option('--replay <choices>', 'make these choices, and tell what happens').argParser((text: string) =>
      text.split(' '),
    ),
  )
  .parse();
const options = program.opts<{
  scenario?: ScenarioName;
  fault?: string;
  minutes: number;
  record?: true;
  check?: number;
  replay?: readonly string[];
}>();
if (!(options.minutes > 0)) program.error('--minutes: expected a number above 0');
if (options.check !== undefined && !(Number.isSafeInteger(options.check) && options.check >= 1))
  program.error('--check: expected a whole number from 1');
if (options.replay && (options.scenario === undefined || options.fault === undefined))
  program.error('--replay: needs --scenario and --fault');

interface Space {
  readonly scenario: ScenarioName;
  readonly kind: FaultKind;
}

const spaces: readonly Space[] = faultKinds
  .filter(({ name }) => options.fault === undefined || name === options.fault)
  .flatMap((kind) =>
    scenarioNames
      .filter((name) => options.scenario === undefined || name === options.scenario)
      .map((scenario) => ({ scenario, kind })),
  );
const signal = shutdownSignal();
const openIn =
  ({ scenario, kind }: Space) =>
  () =>
    openWorld(scenario, kind);

if (options.replay) await tell(options.replay);
else if (options.check !== undefined) await check(options.check);
else await exploreAll();

async function exploreAll(): Promise<void> {
  const explored: Explored[] = [];
  const bar = process.stdout.isTTY
    ? createBar({ format: 'spaces {bar} {value}/{total} {what} {states} states' })
    : undefined;
  bar?.start(spaces.length, 0, { what: '', states: 0 });
  for (const space of spaces) {
    if (signal.aborted) break;
    const found = await exploreOne(space, (states) => bar?.update({ what: space.kind.name, states }));
    explored.push(found);
    bar?.update(explored.length);
    if (!bar) console.log(lineOf(found));
    if (options.record) await record(explored);
    if (found.violation) {
      bar?.stop();
      await complain(space, found.violation.rule);
      return;
    }
  }
  bar?.stop();
  if (bar) console.log(explored.map(lineOf).join('\n'));
  if (explored.length < spaces.length || explored.some(({ isComplete }) => !isComplete)) process.exitCode = 1;
}

async function exploreOne(space: Space, onStates: (states: number) => void): Promise<Explored> {
  const before = process.cpuUsage();
  const found = await explore({
    open: openIn(space),
    signal,
    mostMilliseconds: options.minutes * 60_000,
    onProgress: ({ states }) => onStates(states),
  });
  const { user, system } = process.cpuUsage(before);
  return { ...found, scenario: space.scenario, fault: space.kind.name, cpuSeconds: (user + system) / 1e6 };
}

function lineOf({ scenario, fault, states, transitions, ends, isComplete, cpuSeconds }: Explored): string {
  const counts = `${states} states, ${transitions} transitions, ${ends} ends, ${cpuSeconds.toFixed(1)} s`;
  return `${isComplete ? 'complete  ' : 'INCOMPLETE'} ${scenario}, ${fault}: ${counts}`;
}

function record(explored: readonly Explored[]): Promise<void> {
  return writeFile(
    new URL('../docs/explored-schedules.md', import.meta.url),
    explorationPage(
      explored,
      faultKinds.map(({ name }) => name),
      scenarioNames,
    ),
  );
}

/** Of all schedules that break a rule, the shortest is the easiest to understand. */
async function complain(space: Space, rule: string): Promise<void> {
  process.exitCode = 1;
  console.error(`Broken: ${rule}\nLooking for the shortest schedule that breaks a rule …`);
  const shortest = await shortestViolation(openIn(space));
  if (!shortest) return;
  console.error(shortest.trace.join('\n'));
  console.error(`\n${shortest.choices.length} choices break: ${shortest.rule}`);
  console.error(
    `Again: npm run explore -- --scenario '${space.scenario}' --fault '${space.kind.name}' ` +
      `--replay '${shortest.choices.join(' ')}'`,
  );
}

async function tell(choices: readonly string[]): Promise<void> {
  const [space] = spaces;
  if (!space) return;
  const { broken, trace } = await replay(openIn(space), choices);
  console.log(trace.join('\n'));
  console.log(broken.length === 0 ? 'No rule is broken' : `Broken: ${broken.join('; ')}`);
  if (broken.length > 0) process.exitCode = 1;
}

async function check(each: number): Promise<void> {
  for (const space of spaces) {
    if (signal.aborted) break;
    const mostMilliseconds = options.minutes * 60_000;
    const { compared, differing } = await checkFingerprints(
      { open: openIn(space), signal, mostMilliseconds },
      each,
    );
    console.log(
      `${space.scenario}, ${space.kind.name}: ${compared} pairs compared, ${differing.length} differ`,
    );
    const [pair] = differing;
    if (pair) console.error(pair.map((choices) => choices.join(' ')).join('\n'));
    if (pair) process.exitCode = 1;
  }
}
