import { runCampaign } from '../core/simulation/campaign.js';
import { defects, type Defect } from './defects.js';
import { recordedSeeds } from './defect-seeds.js';

/** What became of a defect: the world that breaks a rule because of it, or none within the limit. */
export interface Attack {
  readonly name: string;
  readonly caught?: { readonly seed: number; readonly rule: string };
}

/** A defect that survives this many worlds is not caught. */
const LIMIT = 60_000;

export const THREAD = 'simulation/thread.ts';

/** The seed of a world that catches each defect, as `npm run simulate -- --defects` has found it. */
const seedOf = ({ name }: Defect): number | undefined => recordedSeeds[name];

/** Runs the defect's recorded world; where that breaks no rule, searches from seed 1. */
export async function attackWith(defect: Defect): Promise<Attack> {
  const seed = seedOf(defect);
  const replayed = seed === undefined ? undefined : await firstFailure(defect, seed, 1);
  const caught = replayed ?? (await firstFailure(defect, 1, LIMIT));
  return { name: defect.name, ...(caught && { caught }) };
}

/** Runs every defect, each in its recorded world first. */
export async function attackWithAll(
  signal: AbortSignal,
  onEach: (attack: Attack) => void,
): Promise<readonly Attack[]> {
  const attacks: Attack[] = [];
  for (const defect of defects) {
    if (signal.aborted) break;
    const attack = await attackWith(defect);
    attacks.push(attack);
    onEach(attack);
  }
  return attacks;
}

async function firstFailure({ patches }: Defect, seed: number, worlds: number): Promise<Attack['caught']> {
  const { failures } = await runCampaign({ thread: THREAD, worlds, seed, patches, stopAtFirst: true });
  const [first] = failures;
  return first && { seed: first.seed, rule: first.broken[0] ?? '' };
}

/** The text of `defect-seeds.ts`. */
export function seedsModule(attacks: readonly Attack[]): string {
  const lines = attacks.map(({ name, caught }) => `  ${JSON.stringify(name)}: ${caught?.seed ?? 0},`);
  return [
    '// Written by `npm run simulate -- --defects`; do not edit.',
    'export const recordedSeeds: Readonly<Record<string, number>> = {',
    ...lines,
    '};',
    '',
  ].join('\n');
}

/** The table for the documents. */
export function defectsTable(attacks: readonly Attack[]): string {
  const rows = attacks.map(({ name, caught }) => {
    const rule = caught?.rule.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'an event') ?? '';
    return `| ${name} | ${rule} | ${caught?.seed.toLocaleString('en') ?? 'not caught'} |`;
  });
  return [
    '<!-- Written by `npm run simulate -- --defects`; do not edit. -->',
    '',
    '# Seeded defects',
    '',
    'The simulation is worth what it catches. Each line is a small patch that makes the product wrong',
    '(`simulation/defects.ts`), a rule that a simulated world broke because of it, and the seed of that world. `npm test`',
    'runs each defect in its recorded world. Where that breaks no rule any more, it searches from seed 1, and a defect that',
    `survives ${LIMIT.toLocaleString('en')} worlds fails.`,
    '',
    '| defect | caught by | seed |',
    '|---|---|---:|',
    ...rows,
    '',
  ].join('\n');
}
