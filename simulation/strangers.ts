import type { QuarantineReason } from '../core/activity/inspection.js';
import { MAX_LEVELS, MAX_PAYLOAD_BYTES } from '../core/bounds.js';
import { LOOK, sagaIdOf, subscribersOf } from '../core/choreography.js';
import type { AnyEvent, EventId } from '../core/event.js';
import type { Choices } from '../core/simulation/choices.js';
import type { StoredEvent } from '../core/simulation/database.js';
import { altered, unaddressedBy } from '../core/simulation/made-up.js';
import type { Scheduler } from '../core/simulation/scheduler.js';
import { payloadConverter } from '../core/workflow/payload-converter.js';
import { choreography } from '../schemas/catalogue.js';
import type { OrderId } from '../schemas/ids.js';
import { services, type Service } from '../schemas/services.js';
import type { ShopDatabase } from './database.js';
import { durations } from './setting.js';
import type { SimulatedOrder } from './simulated-order.js';

/** Whoever can reach Temporal, or has the login of one service: junk and poison, to any participant, at any time. */
export class Strangers {
  readonly #choices: Choices;
  readonly #scheduler: Scheduler;
  readonly #orders: readonly SimulatedOrder[];
  readonly #database: ShopDatabase;
  readonly #tell: (what: string) => void;

  constructor(
    parts: {
      readonly choices: Choices;
      readonly scheduler: Scheduler;
      readonly orders: readonly SimulatedOrder[];
      readonly database: ShopDatabase;
    },
    tell: (what: string) => void,
  ) {
    this.#choices = parts.choices;
    this.#scheduler = parts.scheduler;
    this.#orders = parts.orders;
    this.#database = parts.database;
    this.#tell = tell;
  }

  /** In one world of six, up to three of them: while much happens, or later, when participants may be gone. */
  prepare(): void {
    for (let left = this.#choices.rarely(1 / 6, 4); left > 0; left--) {
      const order = this.#orders[this.#choices.pick(this.#orders.length)];
      const service = services[this.#choices.pick(services.length)] ?? services[0];
      const kind = kinds[this.#choices.pick(kinds.length)];
      const isEarly = this.#choices.pick(2) === 0;
      const moment = this.#choices.pick(isEarly ? LATEST_STEP : durations.length);
      if (!order || !kind) continue;
      const times = 1 + this.#choices.pick(2);
      const happen = () => {
        for (let time = 1; time <= times; time++) this.#come(kind, order, service);
      };
      if (isEarly) this.#scheduler.interrupt(moment, happen);
      else this.#scheduler.in(durations[moment] ?? 0, happen);
    }
  }

  #come(kind: Kind, order: SimulatedOrder, service: Service): void {
    const events = [...this.#database.stored.journal.values()].filter(
      ({ event }) => sagaIdOf(choreography, event) === order.placed.orderId,
    );
    const genuine = events.at(-1);
    // Before it is placed, nobody knows of it.
    if (!genuine) return;
    this.#tell(`somebody sends ${order.prefix}${service} ${kind.what}`);
    kind.come({ order, service, genuine, database: this.#database });
  }
}

/** By then most worlds are at rest. */
const LATEST_STEP = 100;

interface Visit {
  readonly order: SimulatedOrder;
  readonly service: Service;
  /** The newest event of the order. */
  readonly genuine: StoredEvent;
  readonly database: ShopDatabase;
}

interface Kind {
  readonly what: string;
  readonly come: (visit: Visit) => void;
}

/** A signal of bytes, as the converter reads them, that goes to quarantine for this reason. */
const signal = (
  what: string,
  reason: QuarantineReason,
  name: string,
  payloads: () => readonly string[],
): Kind => ({
  what,
  come: ({ order, service }) => {
    order.deliveries.count(service, reason, name);
    order.temporal.signalByStranger(service, name, payloads().map(decoded));
  },
});

/** An event made of a genuine one. */
const forgery = (
  what: string,
  reason: QuarantineReason,
  forge: (event: AnyEvent, order: SimulatedOrder) => AnyEvent,
): Kind => ({
  what,
  come: ({ order, service, genuine }) => {
    const { type, payload } = forge(genuine.event, order);
    order.deliveries.count(service, reason, type);
    order.temporal.signalByStranger(service, type, [payload]);
  },
});

const withFields = ({ type, payload }: AnyEvent, fields: object): AnyEvent => ({
  type,
  payload: { ...payload, ...fields },
});

const decoded = (json: string): unknown =>
  payloadConverter.fromPayload({
    metadata: { encoding: encoder.encode('json/plain') },
    data: encoder.encode(json),
  });

const encoder = new TextEncoder();
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const EVENT = 'InventoryReservedEvent';
const NO_EVENT = '00000000-0000-4000-8000-000000000000' as EventId;
const OTHER_ORDER = '11111111-1111-4111-8111-111111111111' as OrderId;
const long = JSON.stringify('x'.repeat(MAX_PAYLOAD_BYTES));

const kinds: readonly Kind[] = [
  signal('an unknown signal', 'UNKNOWN_EVENT', 'StrangeEvent', () => ['{"any":"thing"}']),
  signal('a signal of a name of the SDK', 'UNKNOWN_EVENT', '__temporal_x', () => ['{"any":"thing"}']),
  signal('a signal without a name', 'UNKNOWN_EVENT', '', () => []),
  signal('a look with an argument', 'UNKNOWN_EVENT', LOOK, () => ['1']),
  signal('an event of broken bytes', 'UNDECODABLE', EVENT, () => ['{"eventId":']),
  signal('an event that is nested too deep', 'UNDECODABLE', EVENT, () => [nested(MAX_LEVELS + 1)]),
  signal('an event that is too large', 'UNDECODABLE', EVENT, () => [long]),
  signal('an event without a payload', 'NOT_ONE_PAYLOAD', EVENT, () => []),
  signal('an event of two payloads', 'NOT_ONE_PAYLOAD', EVENT, () => ['{}', '{}']),
  signal('an event that is a number', 'NOT_ONE_PAYLOAD', EVENT, () => ['42']),
  signal('an empty event', 'SCHEMA', EVENT, () => ['{}']),
  forgery('an event with an undeclared field', 'SCHEMA', (event) => withFields(event, { more: 1 })),
  forgery('an event of another order', 'OTHER_SAGA', (event) => withFields(event, { orderId: OTHER_ORDER })),
  forgery('an event that nobody published', 'NOT_IN_JOURNAL', (event) =>
    withFields(event, { eventId: NO_EVENT }),
  ),
  forgery('an altered event', 'OTHER_CONTENT', altered),
  {
    what: 'an event that is not for it',
    come: ({ order, genuine }) => {
      const other = unaddressedBy(choreography, genuine.event.type);
      order.deliveries.count(other, 'NOT_ADDRESSED', genuine.event.type);
      order.temporal.signalWithStart(other, genuine.event);
    },
  },
  {
    what: 'what it was sent before',
    come: ({ order, genuine }) => {
      const [first] = subscribersOf(choreography, genuine.event.type, genuine.causeType);
      if (first !== undefined) order.deliveries.land(first, genuine.event);
    },
  },
  {
    what: 'a start with a wrong argument',
    come: ({ order, service }) => order.temporal.startWith(service, 42),
  },
  { what: 'a look', come: ({ order, service }) => order.temporal.wake(service) },
  { what: 'an operator, too early', come: ({ order }) => order.askForRetry('an early key', 'kim') },
  {
    what: 'an operator without a name',
    come: ({ order }) => order.temporal.askForRetry('notification', 'a key', ''),
  },
  { what: 'an event that another service has journaled', come: journalAnothers },
];

/** With the login of one service, an event that only another one may publish: the policy of the journal refuses it. */
function journalAnothers({ order, service, genuine, database }: Visit): void {
  if (choreography.catalogue[genuine.event.type]?.publisher === service) return;
  const event = withFields(genuine.event, { eventId: NO_EVENT });
  const [subscriber] = subscribersOf(choreography, event.type, genuine.causeType);
  if (subscriber === undefined) return;
  const store = database.store(service, () => Promise.resolve('COMMITS'));
  // Before the next step, and so before anybody looks at the signal.
  void store.transaction((tx) => tx.journal.append(event)).catch(() => undefined);
  order.deliveries.count(subscriber, 'NOT_IN_JOURNAL', event.type);
  order.temporal.signalByStranger(subscriber, event.type, [event.payload]);
}
