import { catalogue, isEventType, type EventType } from '../schemas/catalogue.js';
import type { Service } from '../schemas/services.js';
import { choicesOf } from '../core/simulation/choices.js';
import type { Plan, PlannedDelivery, PlannedEffect } from './plan.js';

type DeliveryPoint = `${EventType} ${Service}`;

const pointsOf = (type: EventType): readonly DeliveryPoint[] =>
  catalogue[type].subscribers.map(({ service }) => `${type} ${service}` as const);

const eventTypes = Object.keys(catalogue).filter(isEventType);
const deliveryPoints = eventTypes.flatMap(pointsOf);
const lastDeliveries = eventTypes.flatMap((type) => pointsOf(type).slice(-1));

const effectPoints = [
  'order markPaid',
  'order markUnpaid',
  'order markReserved',
  'order markRefunded',
  'order complete',
  'order callForAttention',
  'order cancel',
  'payment charge',
  'payment void',
  'payment confirm',
  'payment refund',
  'inventory reserve',
  'inventory void',
  'inventory release',
  'notification prepare',
  'notification giveUp',
  'notification retry',
  'notification revoke',
] as const;

/** All but HANGS, which takes a real worker 4 s each time. */
const effectFaults = ['FAILS', 'ANSWER_LOST', 'CRASH', 'TAKEN_FOR_DEAD'] as const;
const deliveryFaults = [...effectFaults, 'TWICE', 'LATER', 'SWALLOWED', 'ALTERED', 'ASTRAY'] as const;

/** Several products, in more than one piece. */
const TWO_KINDS: Plan['items'] = [
  ['mouse', 2],
  ['keyboard', 3],
];

/** The same products as `TWO_KINDS`, in the other order: both lock both. */
const COMPANION: NonNullable<Plan['companion']> = [
  ['keyboard', 2],
  ['mouse', 1],
];

/** The plan of a seed: mostly a few faults among all the points there are. */
export function drawPlan(seed: number): Plan {
  const choices = choicesOf(seed);
  const one = <T>(...options: readonly [T, ...T[]]): T => options[choices.pick(options.length)] ?? options[0];
  const dying = new Set<string>();
  const some = <Point extends string, Fault extends string>(
    points: readonly Point[],
    faults: readonly Fault[],
  ) =>
    new Map(
      points.flatMap((point): [Point, Fault][] => {
        const fault = faults[choices.rarely(0.2, faults.length + 1) - 1];
        if (fault === undefined || (isDeath(fault) && dying.has(actorAt(point)))) return [];
        if (isDeath(fault)) dying.add(actorAt(point));
        return [[point, fault]];
      }),
    );
  const deliveries = some(deliveryPoints, deliveryFaults);
  // Unconfirmed, a payment is refunded just when the fourth mail is due: on real parts either may be first.
  const isUnconfirmed = deliveries.get('InventoryReservedEvent payment') === 'SWALLOWED';
  return {
    customer: one<Plan['customer']>('alice', 'carol', 'alice', 'bob'),
    items: one<Plan['items']>(TWO_KINDS, [['mouse', 1]], TWO_KINDS, [
      ['mouse', 2],
      ['figurine', 1],
    ]),
    deliveries,
    effects: some(effectPoints, effectFaults),
    ...(choices.pick(2) === 1 && { companion: COMPANION }),
    badMails: isUnconfirmed ? one(0, 1) : one(0, 0, 1, 3, 5),
    mailFault: one('REFUSED', 'SENT_BUT_LOST'),
  };
}

/** Each worker dies once at most: a second death within the same task is noticed by a real server after 10 s only. */
const isDeath = (fault: string): boolean => fault === 'CRASH' || fault === 'TAKEN_FOR_DEAD';

/** Whose worker is at work there. */
function actorAt(point: string): string {
  const [what = ''] = point.split(' ');
  return isEventType(what) ? catalogue[what].publisher : what;
}

interface Draft extends Partial<Omit<Plan, 'deliveries' | 'effects'>> {
  readonly deliveries?: Readonly<Partial<Record<DeliveryPoint, PlannedDelivery>>>;
  readonly effects?: Readonly<Partial<Record<(typeof effectPoints)[number], PlannedEffect>>>;
}

const plan = ({ deliveries = {}, effects = {}, ...rest }: Draft): Plan => ({
  customer: 'alice',
  items: TWO_KINDS,
  badMails: 0,
  mailFault: 'REFUSED',
  ...rest,
  deliveries: new Map(Object.entries(deliveries)),
  effects: new Map(Object.entries(effects)),
});

const at = <Point extends string, Fault>(points: readonly Point[], fault: Fault) =>
  Object.fromEntries(points.map((point) => [point, fault])) as Record<Point, Fault>;

/** What chance hardly ever draws, by what happens in it. */
export const namedPlans: Readonly<Record<string, Plan>> = {
  'every worker dies before the last delivery of an event': plan({
    deliveries: at(lastDeliveries, 'CRASH'),
  }),
  'every worker dies before the last delivery of an event, and nothing is in stock': plan({
    items: [['figurine', 1]],
    deliveries: at(lastDeliveries, 'CRASH'),
  }),
  'every worker dies before every effect': plan({ effects: at(effectPoints, 'CRASH'), badMails: 5 }),
  'every worker is taken for dead before the last delivery of an event, and delivers it late': plan({
    deliveries: at(lastDeliveries, 'TAKEN_FOR_DEAD'),
  }),
  'every worker is taken for dead before every effect, and writes late': plan({
    effects: at(effectPoints, 'TAKEN_FOR_DEAD'),
    badMails: 5,
  }),
  'every event comes late once more': plan({ deliveries: at(deliveryPoints, 'LATER') }),
  'every event comes altered first': plan({ deliveries: at(deliveryPoints, 'ALTERED') }),
  'every event goes astray first': plan({ deliveries: at(deliveryPoints, 'ASTRAY') }),
  'every event is lost': plan({ deliveries: at(deliveryPoints, 'LOST') }),
  'the happy path is lost, but for what begins a participant': plan({
    deliveries: at(
      [
        'PaymentCompletedEvent order',
        'InventoryReservedEvent payment',
        'InventoryReservedEvent order',
        'OrderCompletedNotificationSentEvent order',
      ],
      'LOST',
    ),
  }),
  'what begins Notification is lost': plan({ deliveries: { 'InventoryReservedEvent notification': 'LOST' } }),
  'the call for a person is lost': plan({
    deliveries: { 'OrderCompletedNotificationFailedEvent order': 'LOST' },
    badMails: 5,
  }),
  'a failed payment is lost': plan({ customer: 'bob', deliveries: { 'PaymentFailedEvent order': 'LOST' } }),
  'a failed reservation is lost, and so is what follows': plan({
    items: [['figurine', 1]],
    deliveries: at(['InventoryReservationFailedEvent payment', 'PaymentCancelledEvent order'], 'LOST'),
  }),
  'an unconfirmed payment is refunded, which nobody hears': plan({
    deliveries: at(
      [
        'InventoryReservedEvent payment',
        'InventoryReservedEvent notification',
        'PaymentCancelledEvent order',
        'PaymentCancelledEvent inventory',
        'PaymentCancelledEvent notification',
      ],
      'LOST',
    ),
  }),
  'two orders take the same products in another order at the same time': plan({ companion: COMPANION }),
  'an order is refunded beside another one': plan({
    items: [
      ['keyboard', 1],
      ['figurine', 1],
      ['mouse', 2],
    ],
    companion: COMPANION,
  }),
  'an order in EUR is refunded': plan({
    customer: 'carol',
    deliveries: { 'InventoryReservedEvent payment': 'SWALLOWED' },
  }),
  'the charge hangs, and loses to what was made void meanwhile': plan({
    effects: { 'payment charge': 'HANGS' },
  }),
  'a delivery hangs, and lands after its repeat': plan({
    deliveries: { 'InventoryReservedEvent order': 'HANGS' },
  }),
  'two rounds of mails are refused, and each time an operator asks for another': plan({ badMails: 9 }),
  'four mails of unknown fate, and then the order is cancelled': plan({
    deliveries: {
      'PaymentCompletedEvent order': 'SWALLOWED',
      'InventoryReservedEvent order': 'SWALLOWED',
      'OrderCompletedNotificationFailedEvent order': 'SWALLOWED',
    },
    badMails: 9,
    mailFault: 'SENT_BUT_LOST',
  }),
};
