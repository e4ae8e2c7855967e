import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { startChild } from '../platform/child.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { countRequests, tableOf, tooFew, type FuzzedDocument } from './fuzz/requests.js';
import { freePorts } from '../platform/ports.js';

const program = new Command('fuzz')
  .description('Fuzzes the API from its own OpenAPI document with schemathesis, on a system of its own.')
  .option('--examples <n>', 'at least so many requests for each operation that takes input', Number, 200)
  .option('--seed <n>', 'the same seed sends the same requests', Number, 1)
  .parse();
const options = program.opts<Record<'examples' | 'seed', number>>();
for (const name of ['examples', 'seed'] as const)
  if (!Number.isInteger(options[name]) || options[name] < 1)
    program.error(`--${name}: expected a whole number of at least 1`);

const root = fileURLToPath(new URL('..', import.meta.url));
const settings = path.join(root, 'tools/fuzz');
const run = promisify(execFile);
const signal = shutdownSignal();

const python = await installSchemathesis();
const dataDir = await mkdtemp(path.join(tmpdir(), 'order-saga-fuzz-'));
const reports = {
  reading: path.join(dataDir, 'reading.ndjson'),
  writing: path.join(dataDir, 'writing.ndjson'),
};
try {
  process.exitCode = await fuzz();
} finally {
  await rm(dataDir, { recursive: true, force: true });
}

/** Installs into a virtual environment, once for each version of the requirements; returns its Python. */
async function installSchemathesis(): Promise<string> {
  const requirements = path.join(settings, 'requirements.txt');
  const digest = createHash('sha256').update(await readFile(requirements));
  const folder = path.join(root, `.cache/schemathesis-${digest.digest('hex').slice(0, 16)}`);
  const installed = path.join(folder, 'bin/python');
  const mark = path.join(folder, 'complete');
  if (existsSync(mark)) return installed;
  console.log('Installing schemathesis with pip, once ...');
  await rm(folder, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', folder]);
  await run(installed, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', requirements]);
  await writeFile(mark, '');
  return installed;
}

/** Starts a system whose sagas wait for seconds, not minutes; resolves with the exit code. */
async function fuzz(): Promise<number> {
  const ports = await freePorts(5);
  const names = ['API_PORT', 'POSTGRES_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SMTP_PORT'];
  let output = '';
  const system = startChild({
    command: process.execPath,
    args: ['--import', 'tsx', 'bin/start.ts', '--faults'],
    cwd: root,
    graceSeconds: 60,
    env: {
      ...process.env,
      ...Object.fromEntries(names.map((name, index) => [name, String(ports[index])])),
      DATA_DIR: dataDir,
      ENV_FILE: devNull,
      API_RATE_LIMIT: '0',
      PAYMENT_WAIT: '5s',
      INVENTORY_WAIT: '5s',
      SAGA_DEADLINE: '10s',
      NOTIFICATION_RETRY_INTERVAL: '1s',
    },
    onOutput: (said) => (output += said),
  });
  try {
    const url = `http://127.0.0.1:${ports[0]}`;
    await untilReady(`${url}/readyz`, system.ended);
    const code = await runSchemathesis(url);
    if (code !== 0) console.error(`What the system said:\n${output}`);
    return Math.max(code, await checkRequests(url));
  } finally {
    await system.stop();
  }
}

async function untilReady(url: string, ended: Promise<number>): Promise<void> {
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  const deadline = Date.now() + 90_000;
  while (
    !(await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (hasEnded || signal.aborted || Date.now() > deadline) throw new Error('the system did not start');
    await sleep(200);
  }
}

/** Reading and writing operations side by side, in two processes: two threads would block each other in CPython. */
async function runSchemathesis(url: string): Promise<number> {
  const codes = await Promise.all([
    fuzzSome(url, reports.reading, '--include-method', 'GET'),
    fuzzSome(url, reports.writing, '--exclude-method', 'GET'),
  ]);
  return Math.max(...codes);
}

/** Schemathesis takes the number of examples as a limit and may send fewer. Resolves with the exit code. */
async function checkRequests(url: string): Promise<number> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as FuzzedDocument;
  const requests = await countRequests(document, Object.values(reports));
  console.log(`Requests for each operation:\n${tableOf(requests)}`);
  const neglected = tooFew(requests, options.examples);
  if (neglected.length === 0) return 0;
  console.error(`Fewer than ${options.examples} requests:\n${tableOf(neglected)}`);
  return 1;
}

/** Prints the report once it is complete. */
async function fuzzSome(url: string, report: string, ...which: readonly string[]): Promise<number> {
  const args = ['--config-file', path.join(settings, 'schemathesis.toml'), 'run', `${url}/openapi.json`];
  const how = ['--phases', 'examples,coverage,fuzzing', '--continue-on-failure', '--workers', '1'];
  const much = ['--max-examples', String(options.examples), '--seed', String(options.seed), '--no-color'];
  const told = ['--report', 'ndjson', '--report-ndjson-path', report];
  const fuzzer = spawn(python, ['-m', 'schemathesis.cli', ...args, ...which, ...how, ...much, ...told], {
    cwd: dataDir,
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  const ended = once(fuzzer, 'exit') as Promise<[number | null]>;
  const said = await text(fuzzer.stdout);
  const [code] = await ended;
  console.log(said);
  return code ?? 1;
}
