import { startProgress } from '../tools/progress.js';
import type { Contender } from './contender.js';
import type { Turn } from './figures.js';
import { FinalOrders } from './load/final-orders.js';
import { Shop } from './load/shop.js';
import type { Plan } from './results.js';
import type { Servers } from './servers/servers.js';
import { growPast, openOrders } from './growth.js';
import { takeTurn, type Setting } from './turn.js';

/**
 * Lets the contenders take turns, round after round, so that whatever disturbs the machine disturbs all of them. Only the
 * one whose turn it is runs. Rejects as soon as an order ends wrongly, or money or stock do not add up.
 */
export async function runRounds(
  contenders: readonly Contender[],
  plan: Plan,
  servers: Servers,
  signal: AbortSignal,
): Promise<readonly Turn[]> {
  const finalOrders = await FinalOrders.listen(servers.database.ownerUrl);
  const perTurn = plan.warmUp + 3 + plan.orders * plan.inFlight.length;
  const progress = startProgress('orders', plan.rounds * contenders.length * perTurn, perTurn);
  let done = 0;
  const setting = { servers, finalOrders, signal, onEnded: () => progress.show(++done) };
  try {
    const shops = await openShops(contenders, servers);
    await growPast(plan.past, setting);
    for (const [contender, shop] of shops) await openOrders(contender, shop, plan.open, setting);
    return await takeTurns(shops, plan, setting);
  } finally {
    progress.stop();
    await finalOrders.close();
  }
}

type Shops = readonly (readonly [Contender, Shop])[];

const openShops = (contenders: readonly Contender[], { owner }: Servers): Promise<Shops> =>
  Promise.all(
    contenders.map(async (contender) => [contender, await Shop.open(owner, contender.name)] as const),
  );

/** Each round begins with another contender. */
async function takeTurns(shops: Shops, plan: Plan, setting: Setting): Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  for (let round = 0; round < plan.rounds; round++)
    for (const place of shops.keys()) {
      const [contender, shop] = shops[(round + place) % shops.length] as Shops[number];
      turns.push({ round, ...(await takeTurn(contender, shop, plan, setting)) });
    }
  return turns;
}
