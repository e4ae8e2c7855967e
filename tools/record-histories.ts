import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { Command } from 'commander';
import { projectFolder } from '../platform/project-folder.js';
import setUp from '../tests/support/global-setup.js';
import { installQuietRuntime } from '../tests/support/quiet-runtime.js';
import { Act, scenes, settings, type Scene } from '../tests/workflows/histories/scenes.js';
import { openStage, type Stage } from '../tests/workflows/histories/stage.js';

const program = new Command('record-histories')
  .description(
    'Plays scenes on the real workers, and writes the histories that are missing in tests/histories/next.',
  )
  .option('--scene <name...>', 'only these scenes')
  .option('--overwrite', 'also those that are there already; only below version 1.0.0')
  .option('--release <version>', 'record nothing; keep the set for good, as what this release writes')
  .parse();
const {
  scene: wanted,
  overwrite,
  release,
} = program.opts<{
  scene?: string[];
  overwrite?: true;
  release?: string;
}>();

const histories = path.join(projectFolder, 'tests/histories');
const next = path.join(histories, 'next');
const say = (line: string) => console.log(line);

if (release === undefined) await record();
else await keep(release);

/** Copies the set under the release's version. */
async function keep(version: string): Promise<void> {
  if (!/^\d+\.\d+\.\d+$/.test(version))
    program.error(`--release: expected a version such as 1.2.0, found ${version}`);
  const folder = path.join(histories, version);
  if (existsSync(folder)) program.error(`${version} is released: its histories stay as they are`);
  await cp(next, folder, { recursive: true });
  say(`Kept in ${path.relative(projectFolder, folder)}`);
}

async function record(): Promise<void> {
  const { version } = JSON.parse(readFileSync(path.join(projectFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  if (overwrite && !version.startsWith('0.'))
    program.error(`--overwrite: from 1.0.0 on a committed history stays as it is, and this is ${version}`);
  const unknown = wanted?.find((name) => !scenes.some((scene) => scene.name === name));
  if (unknown !== undefined)
    program.error(`there is no scene ${unknown}; see tests/workflows/histories/scenes.ts`);
  const chosen = scenes.filter(({ name }) => wanted?.includes(name) ?? true);

  await mkdir(next, { recursive: true });
  const stopServers = await setUp();
  installQuietRuntime();
  try {
    for (const name of Object.keys(settings) as (keyof typeof settings)[]) {
      const its = chosen.filter((scene) => (scene.settings ?? 'patient') === name);
      if (its.length === 0) continue;
      const stage = await openStage({ settings: settings[name] });
      try {
        for (const scene of its) await recordScene(stage, scene);
      } finally {
        await stage.close();
      }
    }
  } finally {
    await stopServers();
  }
}

/** A participant's second run of the scene is `<scene>-2`, and so on. */
async function recordScene(stage: Stage, { name, play }: Scene): Promise<void> {
  stage.reset();
  const act = new Act(stage);
  await play(act);
  const runs = stage.runsOf(act.orderId);
  for (const run of runs) {
    const number = runs.filter(({ service }) => service === run.service).indexOf(run) + 1;
    const file = path.join(next, `${name}${number > 1 ? `-${number}` : ''}.${run.service}.json`);
    const shown = path.relative(projectFolder, file);
    if (existsSync(file) && !overwrite) {
      say(`${shown} is there already`);
      continue;
    }
    await writeFile(file, asJson(await stage.historyOf(act.orderId, run)));
    say(shown);
  }
}

/** Without stack traces: they name folders of the machine, and no replay reads them. */
function asJson(history: temporal.api.history.v1.IHistory): string {
  const json = JSON.parse(historyToJSON(history)) as unknown;
  const withoutTraces = (key: string, value: unknown) => (key === 'stackTrace' ? undefined : value);
  return `${JSON.stringify(json, withoutTraces, 1)}\n`;
}
