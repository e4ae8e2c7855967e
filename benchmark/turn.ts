import { historyOf, untilClosed, type HistorySize } from './counters/histories.js';
import { Meter } from './counters/meter.js';
import type { Contender, NewOrder } from './contender.js';
import { perOrder } from './counters/per-order.js';
import type { Level, Turn } from './figures.js';
import type { FinalOrders } from './load/final-orders.js';
import { carryThrough, type EndedOrder, type Load } from './load/load.js';
import type { Shop } from './load/shop.js';
import { wrongSums } from './load/sums.js';
import { startPrograms, type RunningProgram } from './servers/programs.js';
import type { Servers } from './servers/servers.js';

export interface TurnPlan {
  readonly warmUp: number;
  /** How many orders are measured at each level. */
  readonly orders: number;
  readonly inFlight: readonly number[];
}

/** Where a turn happens. */
export interface Setting {
  readonly servers: Servers;
  readonly finalOrders: FinalOrders;
  readonly signal: AbortSignal;
  /** Told after each order. */
  readonly onEnded: () => void;
}

/** Starts what a contender needs, and stops it when the work is done. */
export async function withPrograms<T>(
  contender: Contender,
  servers: Servers,
  work: (programs: readonly RunningProgram[]) => Promise<T>,
): Promise<T> {
  const undo = await contender.prepare?.(servers);
  try {
    const programs = await startPrograms(contender.programs(servers));
    try {
      await contender.introduce?.(servers);
      return await work(programs);
    } finally {
      await Promise.all(programs.map((program) => program.stop()));
    }
  } finally {
    await undo?.();
  }
}

/** One contender's turn of a round: warm-up, orders that must fail, the levels, and the sums. */
export const takeTurn = (
  contender: Contender,
  shop: Shop,
  plan: TurnPlan,
  setting: Setting,
): Promise<Omit<Turn, 'round'>> =>
  withPrograms(contender, setting.servers, async (programs) => {
    const load = { ...setting, contender };
    await carryThrough(load, shop.orders(plan.warmUp), 4);
    await refuseWhatMustFail(load, shop);
    const meter = await Meter.open(setting.servers, programs, contender.usesTemporal);
    try {
      return await measure(load, shop, plan, meter);
    } finally {
      await meter.close();
    }
  });

async function measure(
  load: Load,
  shop: Shop,
  { inFlight, orders }: TurnPlan,
  meter: Meter,
): Promise<Omit<Turn, 'round'>> {
  const { contender, servers } = load;
  const levels: Level[] = [];
  for (const n of inFlight) levels.push(await measureLevel(load, shop.orders(orders), n, meter));
  const wrong = await wrongSums(servers.owner, shop.name);
  if (wrong.length > 0) throw new Error(`${contender.name}:\n${wrong.join('\n')}`);
  const memoryBytes = await meter.memoryBytes();
  return { contender: contender.name, levels, memoryBytes, history: await historyOfAnOrder(load, shop) };
}

async function measureLevel(
  load: Load,
  orders: readonly NewOrder[],
  inFlight: number,
  meter: Meter,
): Promise<Level> {
  const before = await meter.read();
  const begunAt = performance.now();
  const ended = await carryThrough(load, orders, inFlight);
  const seconds = (performance.now() - begunAt) / 1_000;
  requireAll(ended, 'COMPLETED');
  await rest(load, ended.slice(-inFlight));
  return { inFlight, ...perOrder(await meter.since(before), ended, seconds) };
}

/** Of one order by itself: with others in flight, some of its events would arrive together. */
async function historyOfAnOrder(load: Load, shop: Shop): Promise<HistorySize | null> {
  const ended = await carryThrough(load, [shop.order()], 1);
  const ids = ended.flatMap(({ orderId }) => load.contender.workflowIdsOf(orderId));
  if (ids.length === 0) return null;
  await rest(load, ended);
  return historyOf(load.servers.client, ids);
}

/** What fails must end as it should, with its money back; that the sums are right is seen at the end. */
async function refuseWhatMustFail(load: Load, shop: Shop): Promise<void> {
  requireAll(await carryThrough(load, [shop.outOfStock()], 1), 'OUT_OF_STOCK');
  requireAll(await carryThrough(load, [shop.unpaid()], 1), 'PAYMENT_FAILED');
}

function requireAll(ended: readonly EndedOrder[], expected: EndedOrder['status']): void {
  const other = ended.find(({ status }) => status !== expected);
  if (other) throw new Error(`the order ${other.orderId} is ${other.status}, expected ${expected}`);
}

/** The last orders are final, and their workflows may still be closing: that work counts as well. */
const rest = ({ contender, servers }: Load, last: readonly EndedOrder[]): Promise<void> =>
  untilClosed(
    servers.client,
    last.flatMap(({ orderId }) => contender.workflowIdsOf(orderId)),
  );
