import { EventEmitter } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { Broadcast } from '../../api/feed/broadcast.js';
import type { EventStream } from '../../api/feed/event-stream.js';
import type { Pool } from '../../core/postgres/pool.js';
import { BEGINNING, entryIdOf } from '../../db/feed/entry-id.js';

const idOf = (seq: number) => entryIdOf({ writtenBy: '1', seq });

/** A database whose feed holds so many entries, and nothing else. */
function feedOf(entries: number): Pool {
  const rowsAfter = (seq: number, limit: number) =>
    Array.from({ length: Math.min(limit, entries - seq) }, (_, index) => ({
      ...{ horizon: '2', writtenBy: '1', seq: seq + index + 1, isSettled: true },
      ...{ orderId: 'an order', kind: 'delivered', data: {} },
    }));
  const query = (sql: string, values: readonly [string, number, number] = ['', 0, 0]) => {
    const [writtenBy, seq, limit] = values;
    const rows = writtenBy === '2' ? [] : rowsAfter(seq, limit);
    return Promise.resolve({
      rows: sql.startsWith('listen') || rows.length > 0 ? rows : [{ horizon: '2', writtenBy: null }],
    });
  };
  const client = Object.assign(new EventEmitter(), { query, release: () => undefined });
  return { connect: () => Promise.resolve(client) } as unknown as Pool;
}

const closing: AbortController[] = [];
afterEach(() => closing.splice(0).forEach((one) => one.abort()));

function streamAt(reached: string) {
  const stop = new AbortController();
  closing.push(stop);
  const got: string[] = [];
  const send = (messages: readonly { readonly id: string }[]) => got.push(...messages.map(({ id }) => id));
  return {
    got,
    stream: { reached, closed: stop.signal, send, write: () => undefined } as unknown as EventStream,
  };
}

test('who is further behind than what is kept has to catch up first; who has just that joins, and lacks nothing', async () => {
  const broadcast = new Broadcast(feedOf(1_250), { onState: () => undefined, onBehind: () => undefined });
  const first = streamAt(BEGINNING);
  expect(broadcast.join(first.stream)).toBe(true);
  await expect.poll(() => first.got.length).toBe(1_250);
  // The last 1,000 are kept.
  expect(broadcast.join(streamAt(idOf(249)).stream)).toBe(false);
  const joined = streamAt(idOf(250));
  expect(broadcast.join(joined.stream)).toBe(true);
  expect(joined.got).toEqual(first.got.slice(250));
});
