import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newestEntry } from '../../db/feed/entries.js';
import { until } from '../e2e/running-system.js';
import { startTestApi, type TestApi } from '../support/api.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api.close());

/** A client that keeps only the end of what it reads. */
class Reader {
  readonly #response: IncomingMessage;
  #end = '';

  private constructor(response: IncomingMessage) {
    this.#response = response;
    response.setEncoding('utf8').on('error', () => undefined);
    response.on('data', (chunk: string) => {
      // A slice would keep the whole text alive; a copy does not.
      this.#end = Buffer.from((this.#end + chunk).slice(-5_000)).toString();
    });
  }

  static open(): Promise<Reader> {
    return new Promise((resolve, reject) => {
      const headers = { accept: 'text/event-stream' };
      get(`${api.url}/events`, { headers, agent: false }, (response) => resolve(new Reader(response))).once(
        'error',
        reject,
      );
    });
  }

  /** Resolves when the stream has reached this entry, or has begun after it. */
  reach(id: string): Promise<void> {
    return until(() => this.#end.includes(`id: ${id}\n`), 20_000);
  }

  close(): Promise<unknown> {
    const closed = new Promise((resolve) => this.#response.once('close', resolve));
    this.#response.destroy();
    return closed;
  }
}

const newest = () => newestEntry(api.db.pools.observer);

async function openMany(count: number): Promise<readonly Reader[]> {
  const readers = await Promise.all(Array.from({ length: count }, () => Reader.open()));
  const id = await newest();
  await Promise.all(readers.map((reader) => reader.reach(id)));
  return readers;
}

const BYTES = 1_000;
const AT_ONCE = 200;

/** Sends messages of about a kilobyte to all readers, and waits until each has them. */
async function tell(count: number, readers: readonly Reader[]): Promise<void> {
  for (let told = 0; told < count; told += AT_ONCE) {
    await api.db.owner.query(
      `insert into journal.quarantine
         (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen)
       select 'order', gen_random_uuid(), 'w', gen_random_uuid(), repeat('x', $2), 'UNKNOWN_EVENT', '', '', '', 1
       from generate_series(1, $1)`,
      [AT_ONCE, BYTES],
    );
    const id = await newest();
    await Promise.all(readers.map((reader) => reader.reach(id)));
  }
}

/** Bytes in use, heap and buffers, after garbage collection. */
async function bytesInUse(): Promise<number> {
  for (let round = 0; round < 5; round++) {
    await sleep(20);
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** How many more bytes are in use after `act` than before. */
async function growthBy(act: () => Promise<unknown>): Promise<number> {
  const before = await bytesInUse();
  await act();
  return (await bytesInUse()) - before;
}

test('50 readers and burst upon burst: nothing of what was told is kept', async () => {
  const readers = await openMany(50);
  // The API keeps the last 1,000 messages for readers that join.
  await tell(1_200, readers);
  const told = 3_000;
  const growth = await growthBy(() => tell(told, readers));
  console.log(`${told} messages to 50 readers: ${growth} bytes more in use`);
  // One copy per reader would be 100 times this limit; one copy for all, twice.
  expect(growth).toBeLessThan((told * BYTES) / 2);
  await Promise.all(readers.map((reader) => reader.close()));
});

test('readers that come and go: nothing of them is kept', async () => {
  const [steady] = await openMany(1);
  const comeAndGo = async (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      const readers = await openMany(50);
      await Promise.all(readers.map((reader) => reader.close()));
    }
  };
  await comeAndGo(2);
  const growth = await growthBy(() => comeAndGo(6));
  console.log(`300 readers that have gone: ${growth} bytes more in use`);
  // A leaked reader would keep about 15 kB.
  expect(growth).toBeLessThan(300 * 2_000);
  await steady?.close();
});
