import { setMaxListeners } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { provideBundle } from '../bin/workflow-bundle.js';
import { aligned } from '../platform/aligned.js';
import { projectFolder } from '../platform/project-folder.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { compile } from './build/compile.js';
import { Campaign } from './chaos/campaign.js';
import { findFaketime } from './chaos/clock.js';
import { kinds } from './chaos/kinds.js';
import { buildCommit } from './chaos/other-build.js';
import { drawPlan, faultsOf, readPlan, type Plan } from './chaos/plan.js';
import { reportOf, tableOf, type Outcome } from './chaos/report.js';
import { standings } from './chaos/standing.js';
import { ChaosSystem, programNames, type Build } from './chaos/system.js';
import { verdictOn } from './chaos/verdict.js';
import { seededRandom } from './demo/random.js';
import { startProgress } from './progress.js';

const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('Expected a whole number of at least 1.');
};

const kindNames = (name: string, names: readonly string[] = []): readonly string[] => {
  if (Object.hasOwn(kinds, name)) return [...names, name];
  throw new InvalidArgumentError(`Expected one of: ${Object.keys(kinds).join(', ')}.`);
};

const program = new Command('chaos')
  .description(
    'Starts the whole system as real processes, breaks one part after the other while customers order, and audits what becomes of the orders.',
  )
  .option('--orders <n>', 'how many orders', wholeNumber, 200)
  .option('--faults <n>', 'how many faults; by default half as many as orders', wholeNumber)
  .option('--seed <s>', 'the same seed draws the same faults and orders', wholeNumber, 1)
  .option('--only <kind>', 'draw faults of this kind; can be repeated', kindNames)
  .option('--beside <commit>', 'let workers of that version run beside, and in place of, those of this one')
  .option('--minutes <n>', 'begin no fault later than that', wholeNumber, 180)
  .option('--plan <file>', 'play the plan that --print-plan has printed; draws nothing')
  .option('--print-plan', 'print the plan as JSON, and do nothing')
  .option('--report <file>', 'write a page about it')
  .addHelpText(
    'after',
    `
Kinds of faults:
${aligned(Object.fromEntries(Object.entries(kinds).map(([name, { targets }]) => [name, targets.join(', ')])))}

A full disk takes the right to mount a file system in memory; clocks take libfaketime (Debian: libfaketime). What this
machine cannot do is left out, and said. The waits are shorter than the product's unless the environment sets them.
The exit status is 0 when every order has come to rest and nothing is found. With findings, the data are kept for
npm run audit, and where is said.`,
  )
  .parse();
const options = program.opts<{
  orders: number;
  faults?: number;
  seed: number;
  only?: readonly string[];
  beside?: string;
  minutes: number;
  plan?: string;
  printPlan?: true;
  report?: string;
}>();

/** Short enough that an order is over within a minute, whatever happens to it. */
const settings = {
  PAYMENT_WAIT: '20s',
  INVENTORY_WAIT: '15s',
  SAGA_DEADLINE: '40s',
  NOTIFICATION_RETRY_INTERVAL: '500ms',
  SWEEP_INTERVAL: '2s',
  SWEEP_GRACE: '5s',
  ...process.env,
};

/** In ms: the deadline, and two minutes of grace. */
const LIMIT = 160_000;

const signal = shutdownSignal();
// Each customer waits for it, too.
setMaxListeners(0, signal);

try {
  const plan = await planned();
  if (options.printPlan) console.log(JSON.stringify(plan, null, 1));
  else process.exitCode = (await play(plan)) ? 0 : 1;
} catch (error) {
  console.error(signal.aborted ? 'stopped' : error);
  process.exitCode = signal.aborted ? 130 : 1;
}

async function planned(): Promise<Plan> {
  if (options.plan !== undefined) return readPlan(await readFile(options.plan, 'utf8'));
  const { seed, orders, only, beside, faults: count = Math.ceil(orders / 2) } = options;
  const names = (only ?? Object.keys(kinds)).filter(
    (name) => beside !== undefined || !kinds[name]?.needsOtherBuild,
  );
  if (names.length === 0) program.error('--only: expected --beside along with another version');
  return drawPlan({ seed, orders, count, names }, seededRandom(seed));
}

async function play(plan: Plan): Promise<boolean> {
  console.log('Compiling the programs');
  const build = await compileThis();
  try {
    const otherBuild = options.beside === undefined ? undefined : await buildCommit(options.beside);
    const system = await ChaosSystem.prepare({ ...build, settings, faketime: findFaketime() });
    try {
      return await breakAndAudit(plan, system, otherBuild);
    } finally {
      await system.end();
      await system.remove();
    }
  } finally {
    await rm(build.programs, { recursive: true, force: true });
  }
}

async function compileThis(): Promise<Build> {
  const cache = path.join(projectFolder, '.cache');
  await mkdir(cache, { recursive: true });
  const programs = await mkdtemp(path.join(cache, 'chaos-'));
  await compile({ root: projectFolder, programs: programNames, folder: programs, assets: 'link' });
  return { programs, workflowBundle: await provideBundle() };
}

async function breakAndAudit(
  plan: Plan,
  system: ChaosSystem,
  otherBuild: Build | undefined,
): Promise<boolean> {
  const begunAt = Date.now();
  console.log(`Starting a system in ${system.folder}`);
  await system.start();
  const count = faultsOf(plan).length;
  const progress = startProgress('faults', count, Math.ceil(count / 20));
  const onProgress = (faults: number) => progress.show(faults);
  const budget = options.minutes * 60_000;
  const campaign = new Campaign({ plan, system, otherBuild, signal, budget, limit: LIMIT, onProgress });
  const findings: string[] = [];
  try {
    await campaign.run();
    progress.stop();
    console.log('Auditing');
    findings.push(...(await verdictOn(system, campaign)));
  } catch (error) {
    if (signal.aborted) throw error;
    findings.push(`not at rest: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    progress.stop();
  }
  const seconds = (Date.now() - begunAt) / 1_000;
  const all = await standings(system.audited.databaseUrl).catch(() => []);
  const planned = { faults: count, orders: plan.orders };
  const { struck, placedAgain, retried, restedAfter, left } = campaign;
  const told = { seed: plan.seed, planned, seconds, standings: all, findings, command: commandLine() };
  await tell({ ...told, struck, placedAgain, retried, restedAfter, left });
  if (findings.length > 0) await keep(system);
  return findings.length === 0;
}

async function tell(outcome: Outcome): Promise<void> {
  const { struck, standings: all, findings, left, retried, placedAgain } = outcome;
  console.log(`\nOrders in flight, by the fault that struck then, and how they ended:`);
  for (const [name = '', times, inFlight, , ...ends] of tableOf(outcome))
    console.log(
      `  ${name.padEnd(36)} ${[times, inFlight, ...ends].map((text) => text?.padStart(6)).join('')}`,
    );
  for (const [name, why] of Object.entries(left)) console.log(`Left out: ${name}: ${why}`);
  console.log(
    `${retried.size} notifications were retried; ${placedAgain.size} orders, lost with a restored database, placed again`,
  );
  for (const finding of findings) console.error(`AUDIT: ${finding}`);
  const verdict = findings.length === 0 ? 'clean' : `${findings.length} findings`;
  console.log(`${struck.length} faults over ${all.length} orders: ${verdict}`);
  if (options.report !== undefined) await writeFile(options.report, reportOf(outcome));
}

async function keep(system: ChaosSystem): Promise<void> {
  await system.end();
  console.log(`The data are kept: DATA_DIR=${await system.keep()} npm run audit`);
}

function commandLine(): string {
  const { seed, orders, only = [], beside, faults, plan } = options;
  if (plan !== undefined) return `npm run chaos -- --plan ${plan}`;
  const words = [
    `--orders ${orders}`,
    ...(faults === undefined ? [] : [`--faults ${faults}`]),
    `--seed ${seed}`,
  ];
  const rest = [
    ...only.map((name) => `--only '${name}'`),
    ...(beside === undefined ? [] : [`--beside ${beside}`]),
  ];
  return ['npm run chaos --', ...words, ...rest].join(' ');
}
