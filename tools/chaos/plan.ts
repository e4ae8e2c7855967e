import { z } from 'zod';
import { kinds, type Fault } from './kinds.js';

/** Faults that begin together, after a time without any. */
export interface Strike {
  readonly calmMs: number;
  readonly faults: readonly Fault[];
}

export interface Plan {
  /** Also draws the orders. */
  readonly seed: number;
  readonly orders: number;
  readonly strikes: readonly Strike[];
}

const CALM_MS = [300, 1_000] as const;

/** How often a fault comes together with another one. */
const TOGETHER = 0.15;

/** Draws faults of the kinds that are named until there are `count`; the same arguments give the same plan. */
export function drawPlan(
  { seed, orders, count, names }: { seed: number; orders: number; count: number; names: readonly string[] },
  random: () => number,
): Plan {
  const strikes: Strike[] = [];
  for (let left = count; left > 0;) {
    const calmMs = between(CALM_MS, random);
    const faults = drawTogether(names, left, random);
    strikes.push({ calmMs, faults });
    left -= faults.length;
  }
  return { seed, orders, strikes };
}

/** Usually one; several have different targets, and none that comes alone. */
function drawTogether(names: readonly string[], atMost: number, random: () => number): readonly Fault[] {
  const faults = [drawFault(names, random)];
  while (faults.length < atMost && random() < TOGETHER) {
    const another = drawFault(names, random);
    const isFree = faults.every(({ kind, target }) => !kinds[kind]?.isAlone && target !== another.target);
    if (isFree && !kinds[another.kind]?.isAlone) faults.push(another);
  }
  return faults;
}

function drawFault(names: readonly string[], random: () => number): Fault {
  const name = drawKind(names, random);
  const kind = kinds[name];
  if (!kind) throw new Error(`there is no kind of fault called ${name}`);
  const target = kind.targets[Math.floor(random() * kind.targets.length)] ?? '';
  const ms = between(kind.lasts, random);
  if (!kind.amounts) return { kind: name, target, ms };
  return { kind: name, target, ms, amount: between(kind.amounts(target), random) };
}

function drawKind(names: readonly string[], random: () => number): string {
  const weightOf = (name: string) => kinds[name]?.weight ?? 0;
  let left = random() * names.reduce((sum, name) => sum + weightOf(name), 0);
  for (const name of names) {
    left -= weightOf(name);
    if (left < 0) return name;
  }
  return names.at(-1) ?? '';
}

/** A whole number. */
const between = ([least, most]: readonly [number, number], random: () => number): number =>
  Math.round(least + random() * (most - least));

const whole = z.number().int();

const faultSchema = z
  .strictObject({ kind: z.string(), target: z.string(), ms: whole.min(0), amount: whole.optional() })
  .refine(({ kind, target }) => kinds[kind]?.targets.includes(target), {
    error: 'expected a kind of fault, and a target that it has',
  });

const planSchema = z.strictObject({
  seed: whole.min(0),
  orders: whole.min(1),
  strikes: z.array(z.strictObject({ calmMs: whole.min(0), faults: z.array(faultSchema).min(1) })),
});

/** Reads a plan as it was printed. Throws with what is wrong with it. */
export function readPlan(text: string): Plan {
  const result = planSchema.safeParse(JSON.parse(text));
  if (!result.success) throw new Error(`this is no plan of faults: ${z.prettifyError(result.error)}`);
  return result.data as Plan;
}

export const faultsOf = ({ strikes }: Plan): readonly Fault[] => strikes.flatMap(({ faults }) => faults);
