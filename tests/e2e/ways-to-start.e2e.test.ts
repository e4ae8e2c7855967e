import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compiled } from '../support/programs.js';
import { programNode } from '../support/program-node.js';
import { CTRL_C, inTerminal, quoted, RunningSystem, until } from './running-system.js';

// Ways to start: each system here is started differently from the others.

let chaotic: RunningSystem;
beforeAll(async () => {
  chaotic = await RunningSystem.prepare();
  await chaotic.startInTerminal('--chaos');
});
afterAll(() => chaotic.remove());

test('chaos: whatever workers deliver twice, late, overtaken or deny, the demo and the auditor find nothing', async () => {
  expect(await chaotic.succeeds('tools/demo', '--orders', '15')).toBe(true);
  const { body } = await chaotic.call<{ quarantine: unknown[] }>('GET', '/quarantine');
  expect(body.quarantine).toEqual([]);
});

/** What tells a terminal whether to wrap lines. */
const [WRAP, NO_WRAP] = ['\x1b[?7h', '\x1b[?7l'];

test('Ctrl-C in the demo: the lines of its terminal wrap again', async () => {
  // A shell that waits for it would die of the key itself, which dash does, and bash does not.
  const demo = [
    'exec',
    programNode(),
    quoted(compiled('tools/demo')),
    '--orders',
    '500',
    '--api',
    chaotic.apiUrl,
  ];
  const terminal = spawn('script', inTerminal(demo.join(' ')));
  let output = '';
  terminal.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(terminal, 'exit');
  await until(() => / [1-9]\d*\/500/.test(output), 60_000);
  terminal.stdin.write(CTRL_C);
  expect(await ended).toEqual([1, null]);
  expect(output).toContain('stopped; the orders placed so far continue');
  expect(output).toContain(NO_WRAP);
  expect(output.lastIndexOf(WRAP)).toBeGreaterThan(output.lastIndexOf(NO_WRAP));
});

// npm passes the signal on, so that two arrive within a moment.
test('Ctrl-C through npm: the prompt is back when all has stopped, and nothing is left but the data', async () => {
  expect(chaotic.processes().length).toBeGreaterThan(7);
  const connections = path.join(chaotic.dataDir, 'connections.env');
  expect(existsSync(connections)).toBe(true);
  await chaotic.stop('Ctrl-C');
  expect(chaotic.processes().filter(({ command }) => !command.startsWith('sleep 0.1'))).toEqual([]);
  expect(existsSync(connections)).toBe(false);
  const settings = () => chaotic.output.match(/^[\da-f]+(:[\da-f]+){10,}/gm) ?? [];
  await until(() => settings().length === 2, 10_000);
  expect(settings()[1]).toBe(settings()[0]);
  expect(chaotic.output).toContain('\nexit 0\r\n');
});

test('whatever is wrong is said at once, before anything starts, each with what was found', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const aFile = fileURLToPath(import.meta.url);
  const ENV_FILE = path.join(chaotic.dataDir, 'a.env');
  await writeFile(ENV_FILE, 'PAYMENT_WAIT=5\nAPI_PORT=3000\n');
  const wrong = { POSTGRES_PORT: String(port), API_PORT: 'abc', DATA_DIR: aFile, TEMPORAL_CLI_PATH: aFile };
  const refused = await RunningSystem.prepare({ ...wrong, ENV_FILE });
  await expect(refused.start()).rejects.toThrow(`npm start ended: cannot start:
PAYMENT_WAIT: expected a duration such as 5m, 30s or 1500ms, from 1ms to 30d
  found "5"
API_PORT: expected a port number from 1 to 65535
  found "abc"
DATA_DIR: expected a folder that can be written to
  found EEXIST at ${aFile}
TEMPORAL_CLI_PATH: expected an executable file
  found ${aFile}
POSTGRES_PORT: expected a free port that this user may listen on
  found that port ${port} is taken or reserved
`);
  await until(() => refused.processes().length === 0, 20_000);
  taken.close();
  await refused.remove();
});
