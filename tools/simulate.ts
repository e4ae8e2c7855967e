import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { shutdownSignal } from '../platform/shutdown.js';
import { runCampaign, type Campaign } from '../core/simulation/campaign.js';
import { attackWithAll, defectsTable, seedsModule, THREAD } from '../simulation/attack.js';
import { defects } from '../simulation/defects.js';
import { traceOf } from '../simulation/trace.js';
import { aligned } from '../platform/aligned.js';
import { createBar } from './progress.js';

const program = new Command('simulate')
  .description(
    'Runs the real participants and decisions in simulated worlds, and checks that no rule is broken.',
  )
  .option('--worlds <n>', 'how many worlds', Number, 10_000)
  .option('--seed <s>', 'the first seed; the worlds after it have the following ones', Number, 1)
  .addOption(
    new Option('--trace <s>', 'print the smallest world that breaks the same rule as this seed, step by step')
      .argParser(Number)
      .conflicts(['worlds', 'seed']),
  )
  .addOption(
    new Option('--defects', 'run every seeded defect, and record the seeds that catch them').conflicts([
      'worlds',
      'seed',
      'trace',
    ]),
  )
  .parse();
const options = program.opts<{ worlds: number; seed: number; trace?: number; defects?: true }>();
for (const name of ['worlds', 'seed', 'trace'] as const) {
  const value = options[name];
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1 && value <= 2 ** 31 - 1))
    program.error(`--${name}: expected a whole number from 1 to ${2 ** 31 - 1}`);
}

const signal = shutdownSignal();
if (options.defects) await attack();
else if (options.trace === undefined) await simulate();
else await trace(options.trace);

async function simulate(): Promise<void> {
  const { worlds, seed } = options;
  const progress = startProgress(worlds);
  const campaign = await runCampaign({ thread: THREAD, worlds, seed, signal, onProgress: progress.show });
  progress.stop();
  print(campaign);
  const [first] = campaign.failures;
  if (signal.aborted) console.log('stopped before the end');
  if (first) {
    for (const { seed: world, broken } of campaign.failures.slice(0, 20))
      console.error(`seed ${world}: ${broken.join('; ')}`);
    console.error(`Its smallest trace: npm run simulate -- --trace ${first.seed}`);
  }
  if (first || signal.aborted) process.exitCode = 1;
}

function print({ worlds, milliseconds, outcomes, failures }: Campaign): void {
  console.log(aligned(outcomes));
  const rate = Math.round((worlds / milliseconds) * 60_000);
  console.log(`${worlds} worlds in ${(milliseconds / 1_000).toFixed(1)} s, ${rate} a minute`);
  console.log(failures.length === 0 ? 'No rule is broken' : `${failures.length} worlds break a rule`);
}

async function trace(seed: number): Promise<void> {
  try {
    const { rule, choices, verdict } = await traceOf(seed);
    console.log(verdict.trace.join('\n'));
    console.log(`\nSeed ${seed} breaks: ${rule}\nChoices: ${JSON.stringify(choices)}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function attack(): Promise<void> {
  const attacks = await attackWithAll(signal, ({ name, caught }) =>
    console.log(caught ? `caught by seed ${caught.seed}: ${name}` : `NOT CAUGHT: ${name}`),
  );
  if (attacks.length < defects.length || attacks.some(({ caught }) => caught === undefined)) {
    process.exitCode = 1;
    return;
  }
  await writeFile(new URL('../docs/seeded-defects.md', import.meta.url), defectsTable(attacks));
  await writeFile(new URL('../simulation/defect-seeds.ts', import.meta.url), seedsModule(attacks));
}

/** A progress bar on a terminal, a line now and then elsewhere. */
function startProgress(worlds: number) {
  const bar = process.stdout.isTTY
    ? createBar({ format: 'worlds {bar} {value}/{total} {eta_formatted}' })
    : undefined;
  bar?.start(worlds, 0);
  let shown = 0;
  return {
    show: (done: number) => {
      bar?.update(done);
      if (!bar && done - shown >= 20_000) console.log(`${(shown = done)} of ${worlds} worlds`);
    },
    stop: () => bar?.stop(),
  };
}
