import { EventEmitter, once } from 'node:events';
import { postgresSweepStore } from '../../core/postgres/sweep.js';
import { createPool } from '../../core/postgres/pool.js';
import { choreography } from '../../schemas/catalogue.js';
import { isFinal, type OrderStatus } from '../../schemas/order-status.js';
import { services } from '../../schemas/services.js';
import { sweptTablesOf } from '../../workers/services.js';
import type { ApiClient } from '../demo/api-client.js';
import { seededRandom } from '../demo/random.js';
import { planOrder, type DemoShop } from '../demo/shop.js';

/** Times in ms, by what was done. */
export type Times = Readonly<Record<string, readonly number[]>>;

export interface Measured {
  readonly api: ApiClient;
  readonly apiUrl: string;
  readonly shop: DemoShop;
  /** The URL of a service's login. */
  readonly urlOf: (service: string) => string;
  /** How many orders are placed, and how often everything else is done. */
  readonly count: number;
  /** Begins the keys of the orders, which must be new. */
  readonly name: string;
}

/** Places orders one after another, and does what people and workers do besides. */
export async function measure(measured: Measured): Promise<Times> {
  return {
    ...(await measureOrders(measured)),
    ...(await measureLists(measured)),
    ...(await measureSweeps(measured)),
  };
}

/** From the request to its answer, to its first message on the feed, and to the message that it is final. */
async function measureOrders({ api, apiUrl, shop, count, name }: Measured): Promise<Times> {
  const feed = await followFeed(apiUrl);
  const random = seededRandom(1);
  const [placed, told, ended]: [number[], number[], number[]] = [[], [], []];
  for (let n = 0; n < count; n++) {
    const begunAt = performance.now();
    const { orderId } = await api.place(planOrder(shop, random), `${name}-${n}`);
    placed.push(performance.now() - begunAt);
    told.push((await feed.at(orderId, 'told')) - begunAt);
    ended.push((await feed.at(orderId, 'final')) - begunAt);
  }
  feed.close();
  return { 'place an order': placed, 'told on the feed': told, 'until it is final': ended };
}

type Milestone = 'told' | 'final';

interface FollowedFeed {
  /** When the first message about the order came, or the one that it is final. */
  at(orderId: string, milestone: Milestone): Promise<number>;
  close(): void;
}

async function followFeed(apiUrl: string): Promise<FollowedFeed> {
  const closing = new AbortController();
  const { body } = await fetch(`${apiUrl}/events`, { signal: closing.signal });
  const reachedAt = new Map<string, number>();
  const heard = new EventEmitter();
  const note = (orderId: string, milestone: Milestone) => {
    const key = `${orderId} ${milestone}`;
    if (!reachedAt.has(key)) reachedAt.set(key, performance.now());
  };
  const hear = (message: string) => {
    const [, kind, data] = /^event: (\w+)\ndata: (.*)$/m.exec(message) ?? [];
    if (data === undefined) return;
    const { orderId, status } = JSON.parse(data) as { orderId?: string; status?: OrderStatus };
    if (orderId === undefined) return;
    note(orderId, 'told');
    if (kind === 'status' && status !== undefined && isFinal(status)) note(orderId, 'final');
    heard.emit('heard');
  };
  const read = async () => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      messages.forEach(hear);
    }
  };
  void read().catch(() => undefined);
  return {
    at: async (orderId, milestone) => {
      const key = `${orderId} ${milestone}`;
      while (!reachedAt.has(key)) await once(heard, 'heard');
      return reachedAt.get(key) ?? NaN;
    },
    close: () => closing.abort(),
  };
}

/** What is asked of lists; `shortId` and `from` stand for a part of an order's id, and for the time of an hour ago. */
const lists = {
  'list orders': '/orders?limit=100',
  'find an order by 8 characters': '/orders?id={shortId}',
  'list orders of a customer': '/orders?customerId=alice&limit=100',
  'list orders of a status': '/orders?status=OUT_OF_STOCK&limit=100',
  'list orders with a reason': '/orders?reason=OUT_OF_STOCK&limit=100',
  'list any failure': '/orders?failed=true&limit=100',
  'list failures of a customer': '/orders?failed=true&customerId=alice&limit=100',
  'list orders that need a person': '/orders?attention=true&limit=100',
  'list orders before a time': '/orders?to={from}&limit=100',
  'list what needs a person': '/attention',
  'figures of the last hour': '/stats?from={from}',
} as const;

async function measureLists({ apiUrl, count }: Measured): Promise<Times> {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const shortId = await someShortId(apiUrl);
  const times: Record<string, number[]> = {};
  for (const [name, path] of Object.entries(lists)) {
    const url = apiUrl + path.replace('{from}', from).replace('{shortId}', shortId);
    times[name] = await repeat(count, () => read(url));
  }
  return times;
}

async function someShortId(apiUrl: string): Promise<string> {
  const { orders } = JSON.parse(await read(`${apiUrl}/orders`)) as { orders: { orderId: string }[] };
  return orders.at(-1)?.orderId.slice(0, 8) ?? '';
}

async function read(url: string): Promise<string> {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(`GET ${url}: ${response.status} ${text}`);
  return text;
}

/** What a sweep of each service asks the database; workers sweep meanwhile, and one of two finds the gate closed. */
async function measureSweeps({ urlOf, count }: Measured): Promise<Times> {
  const times: number[] = [];
  for (const service of services) {
    const pool = createPool({ url: urlOf(service), applicationName: 'growth', onError: () => undefined });
    const settings = { graceMs: 30_000, stuckAfterMs: 300_000, batch: 100 };
    const store = postgresSweepStore(choreography, { pool, tables: await sweptTablesOf(service), settings });
    times.push(...(await repeat(count, () => store.take())));
    await pool.end();
  }
  return { sweep: times };
}

async function repeat(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const begunAt = performance.now();
    await work();
    times.push(performance.now() - begunAt);
  }
  return times;
}

/** At least this share of the values is at most the result. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
