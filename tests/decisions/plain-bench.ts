import { NO_CHANGE, waysOf, type Cell } from '../../schemas/decision-tables/cell.js';
import { decisionTables } from '../../schemas/decision-tables/decision-tables.js';
import type { EventType } from '../../schemas/catalogue.js';
import type { Service } from '../../schemas/services.js';
import type { EffectContext, EffectResult, SharedEffects } from '../../core/activity/effect.js';
import { applyEvent } from '../support/apply-event.js';
import { createActivitiesOf } from '../support/product-activities.js';
import { standard } from '../support/saga-world.js';
import type { Bench, TestedTable } from './bench.js';
import type { Scene } from './scene.js';

type Table = Readonly<Record<string, Readonly<Record<string, Cell<string>>>>>;
type NoFacts = Readonly<Record<string, never>>;

/** A service whose table has events alone, and one way in each cell: all that a bench needs follows from the table. */
export function testedPlainly(service: Service): TestedTable<Table, NoFacts> {
  const table: Table = decisionTables[service];
  return { service, table, bench: (scene) => plainBench(service, table, scene) };
}

function plainBench(service: Service, table: Table, scene: Scene): Bench<Table, NoFacts> {
  const mail = { smtpUrl: 'smtp://unused', from: 'shop@shop.example' };
  const effects = createActivitiesOf[service]({
    pool: scene.db.pools[service],
    deliver: () => Promise.resolve(),
    config: { ...standard, mail },
  }) as SharedEffects<{ readonly status: string }>;
  const apply = async (type: string): Promise<void> => {
    const event = await scene.publish(type as EventType);
    await applyEvent(service, effects, scene.context(), event);
  };
  const look = (context: EffectContext): Promise<EffectResult<{ readonly status: string }>> =>
    effects.look(context, null);
  return {
    given: {},
    arrive: Object.fromEntries(
      Object.keys(table).map((state) => [
        state,
        async () => {
          for (const type of wayTo(table, state)) await apply(type);
        },
      ]),
    ),
    apply: Object.fromEntries(
      Object.keys(Object.values(table)[0] ?? {}).map((type) => [type, () => apply(type)]),
    ),
    look: () => look(scene.context()),
    facts: () => Promise.resolve({}),
    expected: () => ({}),
  };
}

/** The fewest events that lead from NOTHING to a state. */
function wayTo(table: Table, state: string): readonly string[] {
  const ways = new Map<string, readonly string[]>([['NOTHING', []]]);
  for (const [here, events] of ways)
    for (const [type, cell] of Object.entries(table[here] ?? {}))
      for (const { then } of waysOf(cell))
        if (then !== NO_CHANGE && !ways.has(then)) ways.set(then, [...events, type]);
  const found = ways.get(state);
  if (!found) throw new Error(`no event leads to ${state}`);
  return found;
}
