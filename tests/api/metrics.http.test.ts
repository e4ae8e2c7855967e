import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { serve, startTestApi, type TestApi } from '../support/api.js';
import { createLogger } from '../../platform/logger.js';
import { parseExposition, valuesBy } from '../support/parse-exposition.js';

let api: TestApi;
let away: Pool;
const workers: Server[] = [];
beforeAll(async () => {
  api = await startTestApi();
  away = createPool({
    url: 'postgres://observer_service@127.0.0.1:1/none',
    applicationName: 'away',
    onError: () => undefined,
  });
});
afterAll(async () => {
  for (const worker of workers) worker.close().closeAllConnections();
  await away.end();
  await api.close();
});

async function startWorker(answer: RequestListener): Promise<string> {
  const worker = createServer(answer).listen(0, '127.0.0.1');
  workers.push(worker);
  await once(worker, 'listening');
  return `http://127.0.0.1:${(worker.address() as AddressInfo).port}/metrics`;
}

const sdkMetrics = (requests: number) => `# HELP temporal_request_total Count of client requests
# TYPE temporal_request_total counter
temporal_request_total{operation="Poll"} ${requests}
`;

/** A fresh API that nobody has scraped yet. */
async function start(workerMetricsUrls: Record<string, string>, observer = api.db.pools.observer) {
  const served = await serve({
    pools: { ...api.db.pools, observer },
    client: api.temporal.client,
    temporalUiUrl: 'http://temporal.example',
    log: createLogger('test', 'silent'),
    stopping: new AbortController().signal,
    workerMetricsUrls,
  });
  const scrape = async () => {
    const answer = await fetch(`${served.url}/metrics`);
    expect(answer.status).toBe(200);
    return answer.text();
  };
  return { ...served, scrape };
}

const valuesOf = (text: string, family: string, label: string) =>
  valuesBy(label, parseExposition(text).get(family));

test('one family of all workers, told apart by service; who does not answer in time is left out', async () => {
  const order = await startWorker((_, response) => response.end(sdkMetrics(7)));
  const payment = await startWorker((_, response) => response.end(sdkMetrics(8)));
  const inventory = await startWorker(() => undefined);
  const notification = await startWorker((_, response) => response.writeHead(500).end(sdkMetrics(9)));
  const gone = 'http://127.0.0.1:1/metrics';
  const { scrape, close } = await start({ order, payment, inventory, notification, gone });
  const text = await scrape();
  expect(valuesOf(text, 'temporal_request_total', 'service')).toEqual({ order: 7, payment: 8 });
  expect(valuesOf(text, 'order_saga_up', 'part')).toEqual({
    database: 1,
    order: 1,
    payment: 1,
    inventory: 0,
    notification: 0,
    gone: 0,
  });
  expect(parseExposition(text).get('process_cpu_seconds_total')?.type).toBe('counter');
  await close();
});

test('those who scrape at the same time, or soon after, share one computation', async () => {
  let scraped = 0;
  const order = await startWorker((_, response) => response.end(sdkMetrics(++scraped)));
  const { scrape, close } = await start({ order });
  const texts = await Promise.all(Array.from({ length: 20 }, scrape));
  expect(new Set([...texts, await scrape()]).size).toBe(1);
  expect(scraped).toBe(1);
  await close();
});

test('without the database the rest is told', async () => {
  const order = await startWorker((_, response) => response.end(sdkMetrics(1)));
  const { scrape, close } = await start({ order }, away);
  const text = await scrape();
  expect(valuesOf(text, 'order_saga_up', 'part')).toEqual({ database: 0, order: 1 });
  expect(parseExposition(text).has('order_saga_orders_created_total')).toBe(false);
  await close();
});

test('where there is nothing to measure there is no sample, and counts are 0', async () => {
  const { scrape, close } = await start({});
  const families = parseExposition(await scrape());
  expect(families.get('order_saga_completion_ratio')).toMatchObject({ type: 'gauge', samples: [] });
  expect(families.get('order_saga_oldest_open_order_seconds')).toMatchObject({ type: 'gauge', samples: [] });
  expect(families.get('order_saga_orders_created_total')).toMatchObject({
    type: 'counter',
    help: 'Stored orders.',
    samples: [{ value: 0 }],
  });
  await close();
});
