import { randomUUID } from 'node:crypto';
import type { CorrelationId } from '../../core/event.js';
import { restock } from '../../db/inventory/stock.js';
import { deposit } from '../../db/payment/wallets.js';
import type { Currency, CustomerId, MinorUnits, OrderId, Sku } from '../../schemas/ids.js';
import { services } from '../../schemas/services.js';
import { currencyOf, isLossy, placementsOf, type FinalRows, type Plan } from '../../simulation/plan.js';
import { PlannedFaults } from './planned-faults.js';
import { createWorld, standard, type World, type WorldOptions } from './saga-world.js';
import { setBack } from './set-back.js';
import { sweepAll } from './sweep-all.js';

/** A world on whose workers a plan's deaths can happen, with plenty for all plans. */
export async function createWorldForPlans(options: WorldOptions = {}): Promise<World> {
  const world = await createWorld(standard, { ...options, payloadCodecs: [setBack] });
  await provide(world);
  return world;
}

/** Money and pieces for many orders, and a customer who pays in EUR. */
async function provide({ db: { pools, owner } }: World): Promise<void> {
  const key = { idempotencyKey: 'plans', requestDigest: 'plans' };
  for (const customer of ['alice', 'carol'] as const) {
    const money = { amount: 900_000_000 as MinorUnits, currency: currencyOf[customer] as Currency };
    await deposit(pools.payment, { customerId: customer as CustomerId, amount: money, ...key });
  }
  await restock(pools.inventory, { sku: 'keyboard' as Sku, quantity: 1_000, ...key });
  await owner.query(`insert into notification.contacts values ('carol', 'carol@shop.example')`);
}

/** Runs the plan of a simulated world on real parts, until nothing is left to happen. */
export async function runPlan(world: World, plan: Plan): Promise<FinalRows> {
  const faults = new PlannedFaults(world, plan);
  const { late } = faults;
  const orderIds: OrderId[] = [];
  for (const placement of placementsOf(plan)) {
    const orderId = await world.place({ ...placement, correlationId: randomUUID() as CorrelationId });
    faults.strikes(orderIds[0] ?? orderId);
    orderIds.push(orderId);
  }
  const untilNothingHappens = async () => {
    await anHour(world);
    for (let happen = late.shift(); happen; happen = late.shift()) {
      await happen();
      await anHour(world);
    }
  };
  await untilNothingHappens();
  if (isLossy(plan)) while (await sweepAll(world)) await untilNothingHappens();
  const [first, companion] = await Promise.all(orderIds.map((orderId) => rowsAtRest(world, orderId)));
  if (!first) throw new Error('a plan has an order');
  return { ...first, ...(companion && { companion }) };
}

async function rowsAtRest(world: World, orderId: OrderId): Promise<FinalRows> {
  await expectRest(world, orderId);
  return rowsOf(world, orderId);
}

/** Longer than any wait. It passes only while nothing runs, so that afterwards everything is at rest. */
const anHour = ({ env }: World) => env.sleep('1h');

async function expectRest(world: World, orderId: OrderId): Promise<void> {
  for (const service of services) {
    const status = await world
      .handle(service, orderId)
      .describe()
      .then(
        (description) => description.status.name,
        () => 'ABSENT',
      );
    if (status === 'RUNNING') throw new Error(`${service} still runs`);
  }
  const { rowCount } = await world.db.owner.query(
    'select from journal.events where order_id = $1 and delivered_at is null',
    [orderId],
  );
  if (rowCount !== 0) throw new Error(`${rowCount} events are not delivered`);
}

async function rowsOf({ db }: World, orderId: OrderId): Promise<FinalRows> {
  const { rows } = await db.owner.query<FinalRows>(
    `select concat_ws(' ', o.status, o.reason) as "order",
       array(select status from orders.status_history h where h.order_id = $1 order by position) as history,
       array(select code from orders.attention a where a.order_id = $1 and cleared_at is null) as attention,
       told_at is not null as told, refunded_at is not null as refunded,
       coalesce((select status from payment.payments where order_id = $1), 'NOTHING') as payment,
       coalesce((select status from inventory.reservations where order_id = $1), 'NOTHING') as inventory,
       coalesce((select status from notification.notifications where order_id = $1), 'NOTHING') as notification,
       array(select coalesce(fate, 'NOT KNOWN YET') from notification.attempts where order_id = $1
         order by round, number) as attempts,
       (select count(*)::int from notification.operator_actions where order_id = $1) as retries,
       array(select type from journal.events where order_id = $1 order by type collate "C") as journal,
       (select coalesce(sum(seen), 0)::int from journal.drops where order_id = $1 and why = 'REPEAT') as repeats,
       array(select concat_ws(' ', service, reason) from journal.quarantine, generate_series(1, seen)
         where order_id = $1 order by concat_ws(' ', service, reason) collate "C") as quarantined,
       (select coalesce(-sum(amount), 0)::int from payment.wallet_ledger where order_id = $1) as charged,
       (select coalesce(json_object_agg(sku, pieces), '{}') from (
          select sku, sum(reserved_change)::int as pieces from inventory.stock_ledger where order_id = $1 group by sku
        ) moved) as reserved
     from orders.orders o where order_id = $1`,
    [orderId],
  );
  const [row] = rows;
  if (!row) throw new Error(`no order ${orderId}`);
  return row;
}
