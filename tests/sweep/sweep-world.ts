import { expect } from 'vitest';
import type { EffectContext } from '../../core/activity/effect.js';
import { outboxOf } from '../../core/postgres/journal.js';
import type { postgresSweepStore, SweptTables } from '../../core/postgres/sweep.js';
import type { AnyEvent, SagaId } from '../../core/event.js';
import type { SweepStore, Taken, Unfinished } from '../../core/sweep/sweep-store.js';
import { inventoryTables } from '../../db/inventory/reservations.js';
import { notificationTables } from '../../db/notification/notifications.js';
import { orderTables } from '../../db/order/orders.js';
import { paymentTables } from '../../db/payment/payments.js';
import { catalogue, choreography, type EventType } from '../../schemas/catalogue.js';
import type { SagaEvent } from '../../schemas/event.js';
import { services, type Service } from '../../schemas/services.js';
import { createScene, type Scene } from '../decisions/scene.js';
import type { Json } from '../schemas/examples.js';
import { forEachService, type TestDatabase } from '../support/database.js';
import { createActivitiesOf } from '../support/product-activities.js';

export const GRACE = 30_000;
export const STUCK_AFTER = 300_000;
export const BATCH = 5;

const tablesOf: Readonly<Partial<Record<string, SweptTables>>> = {
  order: orderTables,
  payment: paymentTables,
  inventory: inventoryTables,
  notification: notificationTables,
};

/** What scenarios write, those first that refer to others. */
const leftBehind = [
  ...['journal.events', 'journal.unfinished', 'journal.quarantine', 'journal.drops'],
  ...['orders.status_history', 'orders.orders', 'orders.inbox'],
  ...['payment.payments', 'payment.inbox'],
  ...['inventory.reservations', 'inventory.inbox'],
  ...['notification.notifications', 'notification.inbox'],
];

export type SweepStoreOf = typeof postgresSweepStore;

/** What stands in `journal.unfinished`, without its times. */
export interface OnRecord {
  readonly service: string;
  readonly why: string;
  readonly woken: number;
  readonly isStuck: boolean;
  readonly isAtRest: boolean;
}

/** One database with the sweeps of all services, and time that only a test lets pass. */
export class SweepWorld {
  readonly db: TestDatabase;
  readonly #sweepStoreOf: SweepStoreOf;
  readonly #stores: Readonly<Record<string, SweepStore>>;

  constructor(db: TestDatabase, sweepStoreOf: SweepStoreOf) {
    this.db = db;
    this.#sweepStoreOf = sweepStoreOf;
    this.#stores = forEachService((service) => this.anotherWorker(service));
  }

  /** The store of one more worker of the service. */
  anotherWorker(service: Service): SweepStore {
    return this.#sweepStoreOf(choreography, {
      pool: this.db.pools[service],
      tables: tablesOf[service] ?? { service, inbox: `${service}.inbox` },
      settings: { graceMs: GRACE, stuckAfterMs: STUCK_AFTER, batch: BATCH },
    });
  }

  storeOf(service: Service): SweepStore {
    const store = this.#stores[service];
    if (!store) throw new Error(`no store of ${service}`);
    return store;
  }

  /** Whatever other scenarios have left. The last sweeps were five minutes ago. */
  async forgetAll(): Promise<void> {
    await this.db.owner.query(
      `${leftBehind.map((table) => `delete from ${table};`).join(' ')}
       update journal.sweeps set swept_until = now() - interval '5 min'`,
    );
  }

  /** Time passes: everything that is stored gets older by so many ms. */
  async pass(ms: number): Promise<void> {
    const older = (column: string) => `${column} = ${column} - ${ms} * interval '1 ms'`;
    await this.db.owner.query(`
      update journal.events set ${['recorded_at', 'delivered_at'].map(older).join()};
      update journal.unfinished set ${['found_at', 'claimed_at', 'stuck_at', 'rested_at'].map(older).join()};
      update journal.sweeps set ${older('swept_until')};
      update orders.orders set ${older('due_at')};
      update payment.payments set ${older('due_at')};
      update notification.notifications set ${older('due_at')}`);
  }

  /** A saga without any row, whose clock stands at the database's. */
  scene(): Scene {
    return createScene(this.db, Date.now());
  }

  /** An event that its publisher has stored and marked delivered: to all to whom the catalogue sends it, or to these. */
  async deliver<Type extends EventType>(
    scene: Scene,
    type: Type,
    { data = {}, to }: { readonly data?: Json; readonly to?: readonly Service[] } = {},
  ): Promise<SagaEvent<Type>> {
    const event = await scene.publish(type, data);
    await this.markDelivered(event, to ?? catalogue[type].subscribers.map(({ service }) => service));
    return event;
  }

  markDelivered({ type, payload }: AnyEvent<EventType>, to: readonly Service[]): Promise<void> {
    const pool = this.db.pools[catalogue[type].publisher];
    return outboxOf(pool).markDelivered(payload.eventId, to);
  }

  /** The service takes a signal in and makes nothing of it: applied, or refused. */
  async takeIn(service: Service, context: EffectContext, event: unknown): Promise<void> {
    const parts = {
      pool: this.db.pools[service],
      deliver: () => Promise.resolve(),
      config: {
        waits: { payment: 300_000, inventory: 180_000, saga: 600_000 },
        notification: { maxRetries: 3, retryIntervalMs: 60_000 },
        mail: { smtpUrl: 'smtp://unused', from: 'shop@shop.example' },
      },
    };
    const { inspect } = createActivitiesOf[service](parts) as {
      readonly inspect: (context: EffectContext, event: unknown) => Promise<unknown>;
    };
    await inspect(context, event);
  }

  async take(service: Service): Promise<readonly Unfinished[]> {
    return (await this.takeSome(service)).sagas;
  }

  takeSome(service: Service): Promise<Taken> {
    return this.storeOf(service).take();
  }

  /** Who takes the saga now: for each service what it signals again. */
  async takers(sagaId: SagaId): Promise<Readonly<Partial<Record<Service, readonly string[]>>>> {
    const found = await Promise.all(
      services.map(async (service) => {
        const own = (await this.take(service)).find((saga) => saga.sagaId === sagaId);
        return own ? [[service, own.unhandled.map(({ type }) => type)] as const] : [];
      }),
    );
    return Object.fromEntries(found.flat());
  }

  async onRecord(sagaId: SagaId): Promise<readonly OnRecord[]> {
    const { rows } = await this.db.owner.query<OnRecord>(
      `select service, why, woken, stuck_at is not null as "isStuck", rested_at is not null as "isAtRest"
       from journal.unfinished where order_id = $1 order by service`,
      [sagaId],
    );
    return rows;
  }

  async expectNothingTaken(): Promise<void> {
    for (const service of services) expect(await this.take(service)).toEqual([]);
  }
}
