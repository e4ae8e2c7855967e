import { setTimeout } from 'node:timers/promises';
import type { OrderId } from '../../schemas/ids.js';
import { services } from '../../schemas/services.js';
import type { FinalRows, Plan } from '../../simulation/plan.js';
import { placementOf, type World } from './saga-world.js';
import { shopSums } from './shop-sums.js';

/** Runs the plan of a simulated world on real parts, until nothing is left to happen. */
export async function runPlan(world: World, plan: Plan): Promise<FinalRows> {
  const swallowed = inject(world, plan);
  const before = await shopSums(world.db.owner);
  const orderId = await world.place(placementOf(plan.customer, plan.sku));
  await untilRest(world, orderId);
  for (const deliver of swallowed.splice(0)) await deliver();
  await untilRest(world, orderId);
  const after = await shopSums(world.db.owner);
  return {
    ...(await rowsOf(world, orderId)),
    charged: Number(before.balance[plan.customer]) - Number(after.balance[plan.customer]),
    reserved: Number(before.available[plan.sku]) - Number(after.available[plan.sku]),
  };
}

/** Puts the plan's faults in place; what was swallowed is delivered when it is called for. */
function inject(world: World, { deliveries, effects, badMails, mood }: Plan): (() => Promise<void>)[] {
  const swallowed: (() => Promise<void>)[] = [];
  const deliveriesLeft = new Map(deliveries);
  world.overrides.clear();
  world.deliver = (next) => async (subscriber, event) => {
    const point = `${event.type} ${subscriber}`;
    const fault = deliveriesLeft.get(point);
    deliveriesLeft.delete(point);
    if (fault === 'SWALLOWED') {
      swallowed.push(() => next(subscriber, event));
      return;
    }
    if (fault === 'FAILS') throw new Error('unavailable');
    await next(subscriber, event);
    if (fault === 'TWICE') await next(subscriber, event);
    if (fault === 'ANSWER_LOST') throw new Error('the answer was lost');
  };
  for (const [point, fault] of effects) {
    let isDue = true;
    world.overrides.set(point.replace(' ', '.'), (real) => async (...args) => {
      const happens = isDue;
      isDue = false;
      if (happens && fault === 'FAILS') throw new Error('rolled back');
      const outcome = await real(...args);
      if (happens) throw new Error('the answer was lost');
      return outcome;
    });
  }
  let attempts = 0;
  world.sendMail = (mail) => {
    const isBad = attempts++ < badMails;
    if (!isBad || mood === 'SENT_BUT_LOST') world.mails.push(mail);
    if (!isBad) return Promise.resolve();
    const refusal = Object.assign(new Error('450 later'), { responseCode: 450 });
    return Promise.reject(mood === 'REFUSED' ? refusal : new Error('connection lost'));
  };
  return swallowed;
}

/** Until no participant runs and nothing is left to deliver; time skips while one is awaited. */
async function untilRest(world: World, orderId: OrderId): Promise<void> {
  for (let isQuiet = false; !isQuiet;) {
    isQuiet = (await undelivered(world, orderId)) === 0;
    for (const service of services) {
      const handle = world.handle(service, orderId);
      const status = await handle.describe().then(
        (description) => description.status.name,
        () => 'ABSENT',
      );
      if (status !== 'RUNNING') continue;
      isQuiet = false;
      await handle.result();
    }
    if (!isQuiet) await setTimeout(20);
  }
}

async function undelivered({ db }: World, orderId: OrderId): Promise<number> {
  const { rowCount } = await db.owner.query(
    'select 1 from journal.events where order_id = $1 and delivered_at is null',
    [orderId],
  );
  return rowCount ?? 0;
}

async function rowsOf({ db }: World, orderId: OrderId): Promise<Omit<FinalRows, 'charged' | 'reserved'>> {
  const { rows } = await db.owner.query<Omit<FinalRows, 'charged' | 'reserved'>>(
    `select concat_ws(' ', o.status, o.reason) as "order",
       array(select status from orders.status_history h where h.order_id = $1 order by position) as history,
       array(select code from orders.attention a where a.order_id = $1 and cleared_at is null) as attention,
       told_at is not null as told, refunded_at is not null as refunded,
       coalesce((select status from payment.payments where order_id = $1), 'NOTHING') as payment,
       coalesce((select status from inventory.reservations where order_id = $1), 'NOTHING') as inventory,
       coalesce((select status from notification.notifications where order_id = $1), 'NOTHING') as notification,
       array(select type from journal.events where order_id = $1 order by type collate "C") as journal
     from orders.orders o where order_id = $1`,
    [orderId],
  );
  const [row] = rows;
  if (!row) throw new Error(`no order ${orderId}`);
  return row;
}
