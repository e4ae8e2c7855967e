import type { OrderId } from '../../schemas/ids.js';
import { services } from '../../schemas/services.js';
import { isLossy, type FinalRows, type Plan } from '../../simulation/plan.js';
import { PlannedFaults } from './planned-faults.js';
import { createWorld, placementOf, standard, type World, type WorldOptions } from './saga-world.js';
import { setBack } from './set-back.js';
import { shopSums } from './shop-sums.js';
import { sweepAll } from './sweep-all.js';

/** A world on whose workers a plan's deaths can happen. */
export const createWorldForPlans = (options: WorldOptions = {}): Promise<World> =>
  createWorld(standard, { ...options, payloadCodecs: [setBack] });

/** Runs the plan of a simulated world on real parts, until nothing is left to happen. */
export async function runPlan(world: World, plan: Plan): Promise<FinalRows> {
  const { late } = new PlannedFaults(world, plan);
  const before = await shopSums(world.db.owner);
  const orderId = await world.place(placementOf(plan.customer, plan.sku));
  const untilNothingHappens = async () => {
    await anHour(world);
    for (let happen = late.shift(); happen; happen = late.shift()) {
      await happen();
      await anHour(world);
    }
  };
  await untilNothingHappens();
  if (isLossy(plan)) while (await sweepAll(world)) await untilNothingHappens();
  await expectRest(world, orderId);
  const after = await shopSums(world.db.owner);
  return {
    ...(await rowsOf(world, orderId)),
    charged: Number(before.balance[plan.customer]) - Number(after.balance[plan.customer]),
    reserved: Number(before.available[plan.sku]) - Number(after.available[plan.sku]),
  };
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

type RowsOfOrder = Omit<FinalRows, 'charged' | 'reserved'>;

async function rowsOf({ db }: World, orderId: OrderId): Promise<RowsOfOrder> {
  const { rows } = await db.owner.query<RowsOfOrder>(
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
         where order_id = $1 order by concat_ws(' ', service, reason) collate "C") as quarantined
     from orders.orders o where order_id = $1`,
    [orderId],
  );
  const [row] = rows;
  if (!row) throw new Error(`no order ${orderId}`);
  return row;
}
