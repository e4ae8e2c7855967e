import { runCampaign } from './campaign.js';
import type { Defect } from './defects.js';

/** What became of a defect: the first world that breaks a rule because of it, or none within the limit. */
export interface Attack {
  readonly name: string;
  readonly caught?: { readonly worlds: number; readonly rule: string };
}

/** So many worlds a defect may survive. */
const LIMIT = 60_000;

/** Runs worlds with a wrong product until one breaks a rule; the seeds begin with 1. */
export async function attackWith({ name, patches }: Defect): Promise<Attack> {
  const { failures } = await runCampaign({ worlds: LIMIT, seed: 1, patches, stopAtFirst: true });
  const [first] = failures;
  if (!first) return { name };
  return { name, caught: { worlds: first.seed, rule: first.broken[0] ?? '' } };
}

/** The table for the documents. */
export function defectsTable(attacks: readonly Attack[]): string {
  const rows = attacks.map(({ name, caught }) => {
    const rule = caught?.rule.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'an event') ?? '';
    return `| ${name} | ${rule} | ${caught?.worlds.toLocaleString('en') ?? 'not caught'} |`;
  });
  return [
    '<!-- Written by `npm run simulate -- --defects`; do not edit. -->',
    '',
    '# Seeded defects',
    '',
    'The simulation is worth what it catches. Each line is a small patch of the product that makes it wrong',
    '(`simulation/defects.ts`), the first rule that a simulated world broke because of it, and how many worlds that',
    `took, counted from seed 1. \`npm test\` repeats it: a defect that survives ${LIMIT.toLocaleString('en')} worlds fails.`,
    '',
    '| defect | caught by | after worlds |',
    '|---|---|---:|',
    ...rows,
    '',
  ].join('\n');
}
