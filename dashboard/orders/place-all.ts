import { api } from '../api/api.js';
import type { Placement } from '../api/documents.js';
import { asProblem } from '../api/request.js';

export interface Burst {
  readonly order: Placement;
  readonly howMany: number;
  /** The key of each order begins with it. */
  readonly key: string;
  /** Aborting it ends the burst after the orders under way. */
  readonly stopping: AbortController;
  readonly onPlaced: (orderId: string) => void;
}

/** Browsers open six connections to a server, and the live feed needs one. */
const AT_ONCE = 5;

/** Places the same order many times, several at once. Throws the first refusal, once none is under way. */
export async function placeAll({ order, howMany, key, stopping, onPlaced }: Burst): Promise<void> {
  const numbers = Array.from({ length: howMany }, (_, number) => number).values();
  const lane = async () => {
    for (const number of numbers) {
      if (stopping.signal.aborted) return;
      onPlaced(await placeOne(order, `${key}-${number}`));
    }
  };
  const stopAll = (error: unknown) => {
    stopping.abort();
    throw error;
  };
  const lanes = Array.from({ length: Math.min(AT_ONCE, howMany) }, () => lane().catch(stopAll));
  const refused = (await Promise.allSettled(lanes)).find(({ status }) => status === 'rejected');
  if (refused?.status === 'rejected') throw refused.reason;
}

/** Resolves with the order's id. On a 429, waits and sends the same request again. */
async function placeOne(order: Placement, key: string): Promise<string> {
  for (let triesLeft = 5; ; triesLeft--) {
    try {
      return (await api.placeOrder(order, key)).orderId;
    } catch (error) {
      const { status, retryAfterMs = 1_000 } = asProblem(error);
      if (status !== 429 || triesLeft === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
  }
}
