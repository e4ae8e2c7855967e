import { useState } from 'preact/hooks';
import { api } from '../api/api.js';
import type { Placement } from '../api/documents.js';
import { randomKey } from '../api/random-key.js';
import { asProblem, type ApiProblem } from '../api/request.js';

export interface Placing {
  readonly isPlacing: boolean;
  readonly done: number;
  readonly all: number;
  /** The last order placed. */
  readonly last: string | undefined;
  readonly problem: ApiProblem | undefined;
}

const nothing: Placing = { isPlacing: false, done: 0, all: 0, last: undefined, problem: undefined };

/** Places the same order once or many times, one after another. Stops at the first refusal. */
export function usePlacing() {
  const [state, setState] = useState(nothing);
  const place = async (order: Placement, all: number) => {
    let placing: Placing = { ...nothing, isPlacing: true, all };
    setState(placing);
    while (placing.isPlacing) {
      placing = await placeNext(order, placing);
      setState(placing);
    }
  };
  return { state, place };
}

async function placeNext(order: Placement, placing: Placing): Promise<Placing> {
  try {
    const { orderId } = await placeWithRetries(order);
    const done = placing.done + 1;
    return { ...placing, done, last: orderId, isPlacing: done < placing.all };
  } catch (error) {
    return { ...placing, isPlacing: false, problem: asProblem(error) };
  }
}

/** On a 429, waits and sends the same request again. */
async function placeWithRetries(order: Placement) {
  const key = randomKey();
  for (let triesLeft = 5; ; triesLeft--) {
    try {
      return await api.placeOrder(order, key);
    } catch (error) {
      const { status, retryAfterMs = 1_000 } = asProblem(error);
      if (status !== 429 || triesLeft === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
  }
}
