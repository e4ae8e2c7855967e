import { orderStore } from '../../db/order/orders.js';
import { placeOrder } from '../../db/order/place-order.js';
import type { OrderId } from '../../schemas/ids.js';
import { choreography } from '../../schemas/catalogue.js';
import { subscriptionsOf } from '../../core/choreography.js';
import type { Contender, NewOrder } from '../contender.js';
import { orderWaits } from '../order-waits.js';
import { schema } from './schema.js';
import { queued } from './services.js';
import { projectProgram } from '../servers/programs.js';
import type { Servers } from '../servers/servers.js';

/** The choreography without Temporal: the same effects, events and tables, with a queue in PostgreSQL. */
export const outbox: Contender = {
  name: 'outbox',
  title: 'the same choreography on a queue in PostgreSQL, without Temporal, four workers',
  usesTemporal: false,
  prepare: enqueueEvents,
  programs: ({ env }) =>
    queued.map((service) => ({
      ...{
        name: `${service} outbox`,
        group: 'workers',
        command: projectProgram('benchmark/outbox/worker', service),
        env,
      },
      isReady: (output) => output.includes('worker is ready'),
    })),
  place: store,
  workflowIdsOf: () => [],
};

/** The event is enqueued with it, so nothing is left to start. */
async function store({ pools }: Servers, { orderId, ...placement }: NewOrder): Promise<OrderId> {
  await placeOrder(orderStore(pools.order), orderId, placement, orderWaits);
  return orderId;
}

/** The other contenders share the journal, so its events are enqueued during the outbox's turns only. */
async function enqueueEvents({ owner }: Servers): Promise<() => Promise<void>> {
  const { rows } = await owner.query(`select from pg_namespace where nspname = 'outbox'`);
  if (rows.length === 0) await createQueue({ owner });
  await owner.query('alter table journal.events enable trigger enqueue');
  return async () => void (await owner.query('alter table journal.events disable trigger enqueue'));
}

async function createQueue({ owner }: Pick<Servers, 'owner'>): Promise<void> {
  await owner.query(schema);
  for (const service of queued)
    for (const { type, unlessCausedBy } of subscriptionsOf(choreography, service))
      await owner.query(
        'insert into outbox.subscribers (type, service, unless_caused_by) values ($1, $2, $3)',
        [type, service, unlessCausedBy],
      );
}
