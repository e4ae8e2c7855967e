import type { Deliver } from '../../core/activity/outbox.js';
import type { DeliveryFaults } from '../../schemas/faults.js';
import type { EventId } from '../../core/event.js';
import { HeldBack } from './held-back.js';

/** The chances of a delivery, each from 0 to 1; chaos knows two more than the switches. */
export interface Chances extends DeliveryFaults {
  /** It is refused, and has not happened. */
  readonly refuse?: number;
  /** It has happened, and is denied. */
  readonly deny?: number;
}

/** Chance, time and the journal, so that a test can decide all three. */
export interface Surroundings {
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Whether a later event of the same order has reached the subscriber. */
  readonly isOvertaken: (eventId: EventId, subscriber: string) => Promise<boolean>;
  /** Told what was done, for the log. */
  readonly say: (what: string) => void;
}

/**
 * Delivers as badly as a network may, with the chances that hold at the moment. Never does it claim a delivery that
 * has not happened, as that would be a loss that no outbox can make good.
 */
export function deliverBadly(
  deliver: Deliver,
  readChances: () => Promise<Chances>,
  around: Surroundings,
): Deliver {
  const heldBack = new HeldBack(around.sleep);
  return async (subscriber, event) => {
    const name = `${event.type} ${event.payload.eventId} to ${subscriber}`;
    const underWay = heldBack.find(name);
    if (underWay) return underWay;
    const fate = drawFate(await readChances(), around.random);
    const bad: BadDelivery = {
      name,
      fate,
      deliver: () => deliver(subscriber, event),
      isOvertaken: () => around.isOvertaken(event.payload.eventId, subscriber),
    };
    const delivery = carryOut(bad, around);
    return fate.hold === 'NOT' ? delivery : heldBack.begin(name, delivery);
  };
}

interface Fate {
  readonly isRefused: boolean;
  readonly hold: 'NOT' | 'FOR_A_WHILE' | 'UNTIL_OVERTAKEN';
  readonly comesTwice: boolean;
  readonly isDenied: boolean;
  /** How long a delivery is held, and how long after the first a second one comes, in ms. */
  readonly pause: number;
  readonly longestPause: number;
}

function drawFate(chances: Chances, random: () => number): Fate {
  const happens = (chance = 0) => random() < chance;
  const { refuse, duplicate, deny, delay, reorder, maxDelayMs } = chances;
  return {
    isRefused: happens(refuse),
    hold: happens(reorder) ? 'UNTIL_OVERTAKEN' : happens(delay) ? 'FOR_A_WHILE' : 'NOT',
    comesTwice: happens(duplicate),
    isDenied: happens(deny),
    pause: Math.ceil(random() * maxDelayMs),
    longestPause: maxDelayMs,
  };
}

interface BadDelivery {
  readonly name: string;
  readonly fate: Fate;
  readonly deliver: () => Promise<void>;
  readonly isOvertaken: () => Promise<boolean>;
}

async function carryOut(bad: BadDelivery, around: Surroundings): Promise<void> {
  const { name, fate, deliver } = bad;
  const { sleep, say } = around;
  if (fate.isRefused) {
    say(`refuses ${name}`);
    throw new Error(`on purpose: ${name} is not delivered`);
  }
  await hold(bad, around);
  await deliver();
  if (fate.comesTwice) {
    say(`delivers ${name} again after ${fate.pause} ms`);
    // Nobody waits for the second one, and nothing is lost when it fails.
    void sleep(fate.pause)
      .then(deliver)
      .catch(() => undefined);
  }
  if (fate.isDenied) {
    say(`delivers ${name} and denies it`);
    throw new Error(`on purpose: ${name} is delivered, but the answer is lost`);
  }
}

async function hold({ name, fate, isOvertaken }: BadDelivery, { sleep, say }: Surroundings): Promise<void> {
  switch (fate.hold) {
    case 'NOT':
      return;
    case 'FOR_A_WHILE':
      say(`holds ${name} back for ${fate.pause} ms`);
      await sleep(fate.pause);
      return;
    case 'UNTIL_OVERTAKEN':
      say(`holds ${name} back until it is overtaken, at most ${fate.longestPause} ms`);
      for (let waited = 0; waited < fate.longestPause && !(await isOvertaken()); waited += LOOK_EVERY)
        await sleep(LOOK_EVERY);
  }
}

const LOOK_EVERY = 50;
