import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { RunningSystem, until } from './running-system.js';

// Ways to start: each system here is started differently from the others.

test('chaos: whatever workers deliver twice, late, overtaken or deny, the demo and the auditor find nothing', async () => {
  const chaotic = await RunningSystem.prepare();
  try {
    await chaotic.start('--chaos');
    expect(await chaotic.succeeds('tools/demo', '--orders', '15')).toBe(true);
    const { body } = await chaotic.call<{ quarantine: unknown[] }>('GET', '/quarantine');
    expect(body.quarantine).toEqual([]);
  } finally {
    await chaotic.remove();
  }
});

test('a variable that is wrong: a clear error instead of programs that are started again and again', async () => {
  const refused = await RunningSystem.prepare({ PAYMENT_WAIT: 'soon' });
  try {
    await expect(refused.start()).rejects.toThrow('PAYMENT_WAIT: expected a duration such as 5m');
    await until(() => refused.processes().length === 0, 20_000);
  } finally {
    await refused.remove();
  }
});

test('a port that was asked for and is taken: a clear error, and nothing is left running', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const refused = await RunningSystem.prepare({ POSTGRES_PORT: String(port) });
  try {
    await expect(refused.start()).rejects.toThrow(`POSTGRES_PORT: port ${port} is taken`);
    await until(() => refused.processes().length === 0, 20_000);
  } finally {
    other.close();
    await refused.remove();
  }
});
