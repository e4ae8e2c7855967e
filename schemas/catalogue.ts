import type { AddressedTo, Catalogue, Choreography } from '../core/choreography.js';
import { ORDER_ID_ATTRIBUTE, services, type Service } from './services.js';

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
      { service: 'payment', why: 'its reservation wait ends, and the payment is confirmed' },
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
} as const satisfies Catalogue & Readonly<Record<string, { readonly publisher: Service }>>;

/** What the core has to know of the shop. */
export const choreography: Choreography = {
  services,
  catalogue,
  sagaKey: 'orderId',
  sagaAttribute: ORDER_ID_ATTRIBUTE,
};

export type EventType = keyof typeof catalogue;

/** The events that the catalogue addresses to a service. */
export type EventTypeFor<Name extends Service> = AddressedTo<typeof catalogue, Name>;

export const eventTypes = Object.keys(catalogue) as readonly EventType[];

export const isEventType = (name: string): name is EventType => Object.hasOwn(catalogue, name);
