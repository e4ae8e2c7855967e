import { EventSource } from 'eventsource';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { feedMessages } from '../../api/feed/messages.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { seedShop } from '../support/database.js';
import { effectsAlone } from '../support/effects-alone.js';
import { readMessages } from '../support/feed.js';
import { placementOf } from '../support/saga-world.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedShop(api.db.owner);
});
afterAll(() => api.close());

interface Heard {
  readonly id: string;
  readonly kind: string;
  readonly data: unknown;
}

/** What a page would receive of every kind. */
function listen(source: EventSource): readonly Heard[] {
  const heard: Heard[] = [];
  for (const kind of Object.keys(feedMessages))
    source.addEventListener(kind, ({ lastEventId: id, data }) =>
      heard.push({ id, kind, data: JSON.parse(data as string) }),
    );
  return heard;
}

test('a standard client whose connection is cut in the middle of messages hears each of them exactly once', async () => {
  const run = effectsAlone(api.db);
  const proxy = new CuttingProxy(api.url, 12_000);
  const url = await proxy.listen();
  const sources = Array.from({ length: 4 }, () => new EventSource(`${url}/events`));
  try {
    const heard = sources.map(listen);
    await expect.poll(() => sources.every(({ readyState }) => readyState === EventSource.OPEN)).toBe(true);
    while (proxy.cuts < 3 * sources.length) await run(placementOf('alice', 'mouse'));
    proxy.isCutting = false;
    const told = await readMessages(api.db.pools.observer);
    for (const one of heard) {
      await expect.poll(() => one.at(-1)?.id, { timeout: 40_000 }).toBe(told.at(-1)?.id);
      expect(one).toEqual(told);
    }
  } finally {
    sources.forEach((source) => source.close());
    await proxy.close();
  }
});
