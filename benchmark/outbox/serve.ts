import pg from 'pg';
import type { EffectContext } from '../../core/activity/effect.js';
import type { EpochMillis, SagaId } from '../../core/event.js';
import { findEvent } from '../../core/postgres/journal.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { SagaEvent } from '../../schemas/event.js';
import { Bell } from './bell.js';
import { claimDeliveries, postponeDelivery, removeDelivery, type Delivery } from './deliveries.js';
import { findDueWaits } from './due-waits.js';
import { react, type AnyEffects } from './reactions.js';
import type { Queued } from './services.js';

/** How many deliveries are in hand at a time. */
const LIMIT = 10;
/** In ms: where nobody tells of anything, the queue and the waits are looked at all the same. */
const POLL = 1_000;

export interface Serving {
  readonly service: Queued;
  readonly pool: Pool;
  /** Of the login that the pool has. */
  readonly url: string;
  readonly effects: AnyEffects;
  /** From one attempt of a delivery to the next. */
  readonly retryMs: number;
}

/** Takes in a service's deliveries, and ends its waits, until `signal` aborts. */
export async function serve(serving: Serving, signal: AbortSignal): Promise<void> {
  const bell = new Bell();
  signal.addEventListener('abort', bell.ring, { once: true });
  const news = await listen(serving, bell);
  const waits = setInterval(() => void endWaits(serving).catch(console.error), POLL);
  console.log('worker is ready');
  await takeInAll(serving, bell, signal);
  clearInterval(waits);
  await news.end();
}

/** Whoever publishes tells the subscribers, once its transaction has committed. */
async function listen({ url, service }: Serving, bell: Bell): Promise<pg.Client> {
  const news = new pg.Client({ connectionString: url, application_name: `outbox of ${service}` });
  news.on('notification', ({ payload }) => payload === service && bell.ring());
  await news.connect();
  await news.query('listen outbox');
  return news;
}

async function takeInAll(serving: Serving, bell: Bell, signal: AbortSignal): Promise<void> {
  const inHand = new Set<Promise<void>>();
  while (!signal.aborted) {
    const claimed = await claimDeliveries(serving.pool, serving.service, LIMIT - inHand.size);
    for (const delivery of claimed) {
      const work: Promise<void> = takeIn(serving, delivery).finally(() => inHand.delete(work));
      inHand.add(work);
    }
    if (inHand.size === LIMIT) await Promise.race(inHand);
    else if (claimed.length === 0) await bell.heard(POLL);
  }
  await Promise.all(inHand);
}

/** What fails stays in the queue, and is tried again later. */
async function takeIn(serving: Serving, delivery: Delivery): Promise<void> {
  const { service, pool, effects, retryMs } = serving;
  try {
    const journaled = await findEvent(pool, delivery.eventId);
    if (journaled) await react(service, effects, contextOf(delivery), journaled.event as SagaEvent);
    await removeDelivery(pool, delivery);
  } catch {
    await postponeDelivery(pool, delivery, retryMs).catch(console.error);
  }
}

/** A wait that is over is told to the row, which decides. */
async function endWaits({ service, pool, effects }: Serving): Promise<void> {
  const name = service === 'order' ? 'cancel' : 'refund';
  for (const wait of await findDueWaits(pool, service)) await effects[name]?.(contextOf(wait), wait.timeout);
}

const contextOf = (input: { readonly orderId: SagaId; readonly now: EpochMillis }): EffectContext => ({
  sagaId: input.orderId,
  runId: 'outbox',
  now: input.now,
  seen: 1,
  malformed: [],
});
