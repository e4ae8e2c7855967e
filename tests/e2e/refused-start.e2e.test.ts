import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RunningSystem, until } from './running-system.js';

test('whatever is wrong is said at once, before anything starts, each with what was found', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const aFile = fileURLToPath(import.meta.url);
  const folder = await mkdtemp(path.join(tmpdir(), 'order-saga-'));
  const ENV_FILE = path.join(folder, 'a.env');
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
  await rm(folder, { recursive: true });
});
