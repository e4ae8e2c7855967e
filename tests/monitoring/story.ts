import { randomUUID } from 'node:crypto';
import { createInventoryEffects } from '../../activities/inventory.js';
import { createNotificationEffects } from '../../activities/notification.js';
import { createOrderEffects, type OrderEffects } from '../../activities/order.js';
import { createPaymentEffects, type PaymentEffects } from '../../activities/payment.js';
import type { EffectResult, EffectContext, SharedEffects } from '../../core/activity/effect.js';
import type { Store } from '../../core/activity/store.js';
import { inventoryStore } from '../../db/inventory/reservations.js';
import { findEvent } from '../../core/postgres/journal.js';
import { notificationStore } from '../../db/notification/notifications.js';
import { orderStore } from '../../db/order/orders.js';
import { paymentStore } from '../../db/payment/payments.js';
import type { EventType } from '../../schemas/catalogue.js';
import type { SagaEvent } from '../../schemas/event.js';
import type { CustomerId, OrderId, Sku } from '../../schemas/ids.js';
import type { EpochMillis, EventId } from '../../core/event.js';
import type { Service } from '../../schemas/services.js';
import { applyEvent } from '../support/apply-event.js';
import type { TestDatabase } from '../support/database.js';
import { placeAt } from '../support/place.js';
import { placementOf, standard } from '../support/saga-world.js';
import { storeAt } from '../support/store-at.js';

export interface StoryOptions {
  readonly createdAt: number;
  readonly customer?: string;
  readonly sku?: string;
}

/** How a step is run; `again` runs the whole step a second time, as after a crash. */
export interface Telling {
  /** The run of the participant: another one is a participant that was started again. */
  readonly run?: number;
  readonly again?: boolean;
}

type Fate = 'accepted' | 'refused' | 'unknown';

/**
 * One order, told step by step: the real effects of all four services on PostgreSQL, at times that the test
 * chooses, in ms after the order was created. A service hears of an event only when the test says so.
 */
export class Story {
  readonly orderId = randomUUID() as OrderId;
  readonly #db: TestDatabase;
  readonly #options: Required<StoryOptions>;
  readonly #order: OrderEffects;
  readonly #payment: PaymentEffects;
  readonly #inventory: ReturnType<typeof createInventoryEffects>;
  #databaseTime = 0;
  #attempt = { number: 0, round: 1, fate: 'accepted' as Fate };

  constructor(db: TestDatabase, options: StoryOptions) {
    this.#db = db;
    this.#options = { customer: 'alice', sku: 'mouse', ...options };
    const at = <Row, Command, Result>(store: Store<Row, Command, Result>) =>
      storeAt(store, () => this.#databaseTime);
    this.#order = createOrderEffects(at(orderStore(db.pools.order)));
    this.#payment = createPaymentEffects(at(paymentStore(db.pools.payment)), {
      reservationWait: standard.waits.inventory,
    });
    this.#inventory = createInventoryEffects(at(inventoryStore(db.pools.inventory)));
  }

  /** Order stores it, at the time of its creation. */
  place({ again = false }: Telling = {}): Promise<unknown> {
    const { customer, sku } = this.#options;
    const priced = placementOf(customer, 'mouse');
    const items = priced.items.map((item) => ({ ...item, sku: sku as Sku }));
    const placement = { ...priced, customerId: customer as CustomerId, items };
    const time = { now: this.#context('order', 0).now, waits: standard.waits };
    return twiceIf(again, () => placeAt(this.#db.pools.order, this.orderId, placement, time));
  }

  /** A service hears of an event that is in the journal. */
  async hears(service: Service, type: EventType, at: number, telling: Telling = {}): Promise<void> {
    const event = await this.#journaled(type);
    const { run = 1, again = false } = telling;
    await twiceIf(again, () => this.#consume(service, this.#context(service, at, run), event));
  }

  /** The running participant hears of the event once more, after so many repeats in all. */
  async hearsAgain(service: Service, type: EventType, repeats: number, at: number): Promise<void> {
    const context = { ...this.#context(service, at), seen: repeats + 1 };
    await this.#consume(service, context, await this.#journaled(type));
  }

  /** A signal that looks like an event, and is in nobody's journal. */
  async hearsForged(service: Service, type: EventType, at: number, times = 1): Promise<void> {
    const { payload } = await this.#journaled(type);
    const event = { type, payload: { ...payload, eventId: randomUUID() as EventId } } as SagaEvent;
    for (let seen = 1; seen <= times; seen++)
      await this.#consume(service, { ...this.#context(service, at), seen }, event);
  }

  /** The charge threw, and was not done. */
  chargeFails = async (at: number): Promise<unknown> =>
    this.#payment.void(this.#context('payment', at), await this.#journaled('OrderCreatedEvent'));

  /** The reservation threw, and was not done. */
  reservationFails = async (at: number): Promise<unknown> =>
    this.#inventory.void(this.#context('inventory', at), await this.#journaled('PaymentCompletedEvent'));

  /** A wait of Order's is over. */
  async orderGivesUp(
    wait: 'payment' | 'saga',
    at: number,
    { again = false }: Telling = {},
  ): Promise<unknown> {
    const causeId = (await this.#journaled('OrderCreatedEvent')).payload.eventId;
    const timeout = { type: 'TIMEOUT', wait, causeId } as const;
    return twiceIf(again, () => this.#order.cancel(this.#context('order', at), timeout));
  }

  /** Payment has waited for the reservation in vain. */
  async paymentGivesUp(at: number, { again = false }: Telling = {}): Promise<unknown> {
    const causeId = (await this.#journaled('PaymentCompletedEvent')).payload.eventId;
    const timeout = { type: 'TIMEOUT', wait: 'reservation', causeId } as const;
    return twiceIf(again, () => this.#payment.refund(this.#context('payment', at), timeout));
  }

  /** One attempt to tell the customer, ended at this time; the workflow's clock stands at the first one's. */
  async attempts(fate: Fate, at: number, begunAt = at): Promise<void> {
    this.#attempt = { ...this.#attempt, number: this.#attempt.number + 1, fate };
    const input = { causeId: await this.#causeId(), round: this.#attempt.round, attemptsBefore: 0 };
    const context = this.#context('notification', begunAt);
    this.#databaseTime = this.#options.createdAt + at;
    await Promise.allSettled([this.#notification().send(context, input)]);
  }

  /** The attempts of a round are used up. */
  async parks(at: number): Promise<void> {
    const { round } = this.#attempt;
    const causeId = await this.#causeId();
    await this.#notification().giveUp(this.#context('notification', at), { causeId, round });
  }

  /** An operator asks for another round. */
  async isRetried(at: number): Promise<void> {
    const input = { type: 'RETRY', key: randomUUID(), operator: 'Kim' } as const;
    await this.#notification().retry(this.#context('notification', at), input);
    this.#attempt = { ...this.#attempt, round: this.#attempt.round + 1, number: 0 };
  }

  async #causeId(): Promise<EventId> {
    return (await this.#journaled('InventoryReservedEvent')).payload.eventId;
  }

  #notification() {
    const { number, fate } = this.#attempt;
    return createNotificationEffects(
      {
        store: storeAt(notificationStore(this.#db.pools.notification), () => this.#databaseTime),
        findEmail: () => Promise.resolve('alice@shop.example'),
        sendMail: () => {
          if (fate === 'accepted') return Promise.resolve();
          const code = fate === 'refused' ? { responseCode: 550 } : {};
          return Promise.reject(Object.assign(new Error(fate), code));
        },
        attemptNumber: () => number,
        scheduledAt: () => 0 as EpochMillis,
        pause: () => Promise.resolve(),
      },
      standard.notification,
    );
  }

  #effects = (service: Service): SharedEffects<unknown> => {
    const own: Readonly<Partial<Record<Service, SharedEffects<unknown>>>> = {
      order: this.#order,
      payment: this.#payment,
      inventory: this.#inventory,
      notification: this.#notification(),
    };
    const effects = own[service];
    if (!effects) throw new Error(`no story tells of ${service}`);
    return effects;
  };

  #consume(service: Service, context: EffectContext, event: SagaEvent): Promise<EffectResult<unknown>> {
    return applyEvent(service, this.#effects(service), context, event);
  }

  #context(service: Service, at: number, run = 1): EffectContext {
    const { orderId } = this;
    const now = (this.#options.createdAt + at) as EpochMillis;
    this.#databaseTime = now;
    const runId = `${orderId}:${service}:${run}`;
    return { sagaId: orderId, runId, now, seen: 1, malformed: [] };
  }

  async #journaled<Type extends EventType>(type: Type): Promise<SagaEvent<Type>> {
    const { rows } = await this.#db.owner.query<{ event_id: EventId }>(
      `select event_id from journal.events where order_id = $1 and type = $2`,
      [this.orderId, type],
    );
    const [only, ...others] = rows;
    const found = only && others.length === 0 && (await findEvent(this.#db.owner, only.event_id));
    if (!found) throw new Error(`${rows.length} events ${type} of one order`);
    return found.event as SagaEvent<Type>;
  }
}

async function twiceIf<Result>(again: boolean, step: () => Promise<Result>): Promise<Result> {
  const result = await step();
  return again ? step() : result;
}
