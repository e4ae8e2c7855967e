import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogue, eventTypes, type EventType } from '../../schemas/catalogue.js';
import { eventVariants, type EventVariantName } from '../../schemas/decision-tables/event-variants.js';
import type { SagaEvent } from '../../schemas/event.js';
import { services, type Service } from '../../schemas/services.js';
import { participants as product } from '../../workflows/participants.js';
import { forEachService } from '../support/database.js';
import { tablesOf, type ServiceTables } from '../support/tables-of.js';
import { startDeafParticipants, until, type DeafParticipants } from './deaf-participants.js';
import { createScene, type Scene } from './scene.js';
import { TableReader } from './table-reader.js';

let participants: DeafParticipants;
let tables: Readonly<Record<Service, Promise<ServiceTables>>>;
beforeAll(async () => {
  participants = await startDeafParticipants();
  tables = forEachService((service) => tablesOf(participants.db.owner, service));
});
afterAll(() => participants.close());

/** One order and the participant of one service, with what its table makes of everything that it accepts. */
class Conversation {
  readonly scene: Scene = createScene(participants.db, Date.now());
  readonly expected: TableReader;
  readonly service: Service;
  repeats = 0;

  constructor(service: Service) {
    this.service = service;
    this.expected = new TableReader(service, service === 'order' ? 'PENDING_PAYMENT' : 'NOTHING');
  }

  async begin(): Promise<void> {
    if (this.service === 'order') await participants.place(this.scene.orderId);
  }

  /** Has a new event of the type published and accepted. */
  async accept(type: EventType): Promise<SagaEvent> {
    const event = await this.scene.publish(type, dataOf(type));
    await this.send(event);
    await until(() => this.hasConsumed(event));
    this.expected.apply(type);
    return event;
  }

  send(event: SagaEvent, service = this.service): Promise<void> {
    return participants.signal(service, this.scene.orderId, event);
  }

  async repeat(event: SagaEvent): Promise<void> {
    await this.send(event);
    this.repeats++;
  }

  close(service = this.service): Promise<void> {
    return participants.closed(service, this.scene.orderId);
  }

  async hasConsumed({ payload }: SagaEvent): Promise<boolean> {
    const { owner } = participants.db;
    const { inbox } = await tables[this.service];
    const { rowCount } = await owner.query(`select from ${inbox} where key = $1`, [payload.eventId]);
    return rowCount === 1;
  }
}

/** How each variant comes about; the result is what the quarantine must hold. */
const variants: Readonly<
  Record<EventVariantName, (talk: Conversation, type: EventType) => Promise<readonly string[]>>
> = {
  first: async (talk, type) => {
    await prepare(talk, type);
    await talk.accept(type);
    return [];
  },
  repeated: async (talk, type) => {
    await prepare(talk, type);
    await talk.repeat(await talk.accept(type));
    return [];
  },
  altered: async (talk, type) => {
    await prepare(talk, type);
    const { payload } = await talk.accept(type);
    await talk.send({ type, payload: { ...payload, occurredAt: payload.occurredAt + 1 } } as SagaEvent);
    return [`${talk.service} OTHER_CONTENT`];
  },
  early: async (talk, type) => {
    await talk.begin();
    await talk.accept(type);
    return [];
  },
  'after the participant has closed': async (talk, type) => {
    await close(talk);
    await talk.accept(type);
    return [];
  },
  'after Temporal has forgotten': async (talk, type) => {
    await close(talk);
    await participants.forget(talk.service, talk.scene.orderId);
    await talk.accept(type);
    return [];
  },
  'of an unknown order': async (talk, type) => {
    if (talk.service === 'order') talk.expected.status = 'NOTHING';
    await talk.send(talk.scene.invent(type, dataOf(type)));
    return [`${talk.service} NOT_IN_JOURNAL`];
  },
  'written by another service': async (talk, type) => {
    await prepare(talk, type);
    await talk.send(await talk.scene.publish(type, dataOf(type), talk.service));
    return [`${talk.service} WRONG_PUBLISHER`];
  },
  'not addressed': async (talk, type) => {
    await prepare(talk, type);
    const outsider = outsiderOf(type);
    await talk.send(await talk.scene.publish(type, dataOf(type)), outsider);
    await talk.close(outsider);
    return [`${outsider} NOT_ADDRESSED`];
  },
};

const deliveries = eventTypes.flatMap((type) =>
  subscribersOf(type).map((service): readonly [EventType, Service] => [type, service]),
);
const cases = Object.keys(variants).flatMap((name) =>
  deliveries.map(([type, service]) => [type, service, name as EventVariantName] as const),
);

/** Temporal takes its time to delete a workflow. */
const PATIENCE_MS = 120_000;

test.concurrent.each(cases)('%s to %s: %s', { timeout: PATIENCE_MS }, async (type, service, name) => {
  const talk = new Conversation(service);
  const quarantined = await variants[name](talk, type);
  await finish(talk);

  const { orderId } = talk.scene;
  const { owner } = participants.db;
  const { rows: table } = await tables[service];
  const [row] = (await owner.query<object>(`select status from ${table} where order_id = $1`, [orderId]))
    .rows;
  const { status, answers, withoutEffect } = talk.expected;
  expect(row ?? { status: 'NOTHING' }).toEqual({ status });
  expect(await countsOf(talk)).toEqual({ answers, withoutEffect, repeats: talk.repeats, quarantined });
});

test('every variant of every delivery has its test', () => {
  console.log(
    `event variants: ${cases.length} tested on Temporal and PostgreSQL, ${Object.keys(eventVariants).length} of each of ${deliveries.length} deliveries`,
  );
  expect(cases.length).toBe(Object.keys(eventVariants).length * deliveries.length);
});

/** Brings the participant to where it waits for the event. */
async function prepare(talk: Conversation, type: EventType): Promise<void> {
  await talk.begin();
  const [opening] = openingsOf(talk.service);
  if (opening !== undefined && opening !== type) await talk.accept(opening);
}

const openingsOf = (service: Service): readonly EventType[] => product[service].begins;

/** Brings the participant to its end. */
async function close(talk: Conversation): Promise<void> {
  await talk.begin();
  await talk.accept(endingOf(talk.service));
  await talk.close();
}

const endingOf = (service: Service): EventType =>
  service === 'order' ? 'PaymentFailedEvent' : cancellationOf(service);

const cancellationOf = (service: Service): EventType =>
  service === 'payment' ? 'OrderCancelledEvent' : 'PaymentCancelledEvent';

/** Whatever came, the participant goes on: a cancellation is applied, and it closes. */
async function finish(talk: Conversation): Promise<void> {
  const isKnown = talk.expected.status !== 'NOTHING' || talk.service !== 'order';
  if (isKnown) await talk.accept(cancellationOf(talk.service));
  await talk.close();
}

async function countsOf({ scene: { orderId }, service }: Conversation) {
  const { rows } = await participants.db.owner.query<object>(
    `select (select count(*)::int from journal.events where order_id = $1 and causation_id is not null
               and published_by = $2 and type = any ($3)) as answers,
       (select coalesce(sum(seen), 0)::int from journal.drops where order_id = $1 and why = 'NO_EFFECT') as "withoutEffect",
       (select coalesce(sum(seen), 0)::int from journal.drops where order_id = $1 and why = 'REPEAT') as repeats,
       array(select service || ' ' || reason from journal.quarantine where order_id = $1) as quarantined`,
    [orderId, `${service}_service`, eventTypes.filter((type) => catalogue[type].publisher === service)],
  );
  return rows[0];
}

function subscribersOf(type: EventType): readonly Service[] {
  return catalogue[type].subscribers.map(({ service }) => service);
}

function outsiderOf(type: EventType): Service {
  const outsider = services.find((service) => !subscribersOf(type).includes(service));
  if (outsider === undefined) throw new Error(`${type} is addressed to everybody`);
  return outsider;
}

/** A notification is announced for certain; the other events are their examples. */
const dataOf = (type: EventType) =>
  type === 'OrderCompletedNotificationSentEvent' ? { uncertain: false } : {};
