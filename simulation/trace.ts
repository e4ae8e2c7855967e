import { choicesAgain, choicesOf } from '../core/simulation/choices.js';
import { shrink } from '../core/simulation/shrink.js';
import { runWorld, type Verdict } from './world.js';

/** The smallest world found that breaks the same rule as a seed's, and how it went, in plain words. */
export interface Trace {
  readonly rule: string;
  readonly choices: readonly number[];
  readonly verdict: Verdict;
}

/** Rejects where the seed breaks no rule. */
export async function traceOf(seed: number): Promise<Trace> {
  const choices = choicesOf(seed);
  const { broken } = await runWorld(choices);
  const [first] = broken;
  if (first === undefined) throw new Error(`seed ${seed} breaks no rule`);
  const rule = nameless(first);
  const shrunk = await shrink(choices.made, async (tamer) => {
    const again = await runWorld(choicesAgain(tamer));
    return again.broken.some((line) => nameless(line) === rule);
  });
  return { rule, choices: shrunk, verdict: await runWorld(choicesAgain(shrunk)) };
}

/** A rule without the ids and numbers of the world that broke it. */
const nameless = (line: string): string => line.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, '…');
