import type { Service } from './services.js';

/**
 * The choreography on one screen: who publishes which event, and who listens, in the order of delivery.
 * `why` explains what the product owner's list does not have. `unlessCausedBy` leaves a subscriber out
 * when the event was caused by one of that type.
 */
export const catalogue = {
  OrderCreatedEvent: {
    version: 1,
    publisher: 'order',
    subscribers: [{ service: 'payment' }],
  },
  PaymentCompletedEvent: {
    version: 1,
    publisher: 'payment',
    subscribers: [
      { service: 'inventory' },
      { service: 'order', why: 'the order becomes PAYMENT_COMPLETED and its payment wait ends' },
    ],
  },
  PaymentFailedEvent: {
    version: 1,
    publisher: 'payment',
    subscribers: [{ service: 'order' }],
  },
  InventoryReservedEvent: {
    version: 1,
    publisher: 'inventory',
    subscribers: [
      { service: 'payment', why: 'its reservation wait ends, and the payment is settled' },
      { service: 'order', why: 'the order becomes INVENTORY_RESERVED' },
      { service: 'notification' },
    ],
  },
  InventoryReservationFailedEvent: {
    version: 1,
    publisher: 'inventory',
    subscribers: [{ service: 'payment' }],
  },
  PaymentCancelledEvent: {
    version: 1,
    publisher: 'payment',
    subscribers: [
      {
        service: 'notification',
        why: 'tell nobody about an order that was refunded',
        unlessCausedBy: 'InventoryReservationFailedEvent',
      },
      {
        service: 'inventory',
        why: 'give the stock back, or never take it',
        unlessCausedBy: 'InventoryReservationFailedEvent',
      },
      { service: 'order' },
    ],
  },
  OrderCompletedNotificationSentEvent: {
    version: 2,
    publisher: 'notification',
    subscribers: [{ service: 'order' }],
  },
  OrderCancelledEvent: {
    version: 1,
    publisher: 'order',
    subscribers: [{ service: 'payment', why: 'charge no more, and refund what was charged' }],
    why: 'a wait of Order ran out',
  },
  OrderCompletedNotificationFailedEvent: {
    version: 1,
    publisher: 'notification',
    subscribers: [{ service: 'order', why: 'the order needs a person' }],
    why: 'all attempts to tell the customer are used up',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

export interface CatalogueEntry {
  /** The newest released version; `schemas/avro/<type>.v<n>.avsc` holds each. */
  readonly version: number;
  /** Which versions have to read which; `both` where nothing is said (docs/schema-evolution.md). */
  readonly compatibility?: Compatibility;
  readonly publisher: Service;
  readonly subscribers: readonly Subscriber[];
  readonly why?: string;
}

/** `both`: workers of any two versions can run side by side. `newer reads older`: consumers go first. */
export type Compatibility = 'both' | 'newer reads older';

export interface Subscriber {
  readonly service: Service;
  readonly why?: string;
  readonly unlessCausedBy?: string;
}

export type EventType = keyof typeof catalogue;

export const eventTypes = Object.keys(catalogue) as readonly EventType[];

export const isEventType = (name: string): name is EventType => Object.hasOwn(catalogue, name);

/** To whom an event goes, in the order of delivery; `causeType` is null for the first event of a saga. */
export function subscribersOf(type: EventType, causeType: EventType | null): readonly Service[] {
  const entry: CatalogueEntry = catalogue[type];
  return entry.subscribers
    .filter(({ unlessCausedBy }) => unlessCausedBy === undefined || unlessCausedBy !== causeType)
    .map(({ service }) => service);
}
