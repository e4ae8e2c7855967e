import type { Service } from '../../schemas/services.js';
import { isFinal, type OrderStatus } from '../../schemas/order-status.js';
import type { NotificationStatus } from '../feed/messages.js';
import type { Story } from './story.js';

/** Where each service stands with the order, as far as its events tell; NOT_NEEDED once nobody will ask it any more. */
export interface Participants {
  readonly order: OrderStatus | 'ACCEPTED';
  readonly payment: 'NOTHING' | 'CHARGED' | 'SETTLED' | 'DECLINED' | 'REFUNDED';
  readonly inventory: 'NOTHING' | 'NOT_NEEDED' | 'RESERVED' | 'REJECTED' | 'RELEASED';
  readonly notification: NotificationStatus | 'NOT_NEEDED';
}

export function participantsOf(story: Story): Participants {
  return {
    order: story.statuses.at(-1)?.status ?? 'ACCEPTED',
    payment: heardByPayment(story).reduce<Participants['payment']>(nextPayment, 'NOTHING'),
    inventory: story.events.reduce<Participants['inventory']>(nextInventory, unasked(story, 'inventory')),
    notification: story.notifications.at(-1)?.status ?? unasked(story, 'notification'),
  };
}

/** An order that is final asks nobody who has not been asked before. */
function unasked(story: Story, service: Service): 'NOTHING' | 'NOT_NEEDED' {
  const status = story.statuses.at(-1)?.status;
  return status !== undefined && isFinal(status) && !hasStarted(story, service) ? 'NOT_NEEDED' : 'NOTHING';
}

/** Payment settles when it has the reservation, not when Inventory has made it. */
const heardByPayment = ({ events, deliveries }: Story): readonly Told[] =>
  events.filter(({ type, eventId }) => type !== 'InventoryReservedEvent' || deliveries.has(eventId));

type Told = Story['events'][number];

function nextPayment(now: Participants['payment'], { type }: Told): Participants['payment'] {
  switch (type) {
    case 'PaymentCompletedEvent':
      return 'CHARGED';
    case 'PaymentFailedEvent':
      return 'DECLINED';
    case 'InventoryReservedEvent':
      return now === 'CHARGED' ? 'SETTLED' : now;
    case 'PaymentCancelledEvent':
      return 'REFUNDED';
    case 'OrderCreatedEvent':
    case 'InventoryReservationFailedEvent':
    case 'OrderCompletedNotificationSentEvent':
    case 'OrderCompletedNotificationFailedEvent':
    case 'OrderCancelledEvent':
      return now;
  }
}

function nextInventory(
  now: Participants['inventory'],
  { type, subscribers }: Told,
): Participants['inventory'] {
  switch (type) {
    case 'InventoryReservedEvent':
      return 'RESERVED';
    case 'InventoryReservationFailedEvent':
      return 'REJECTED';
    case 'PaymentCancelledEvent':
      return subscribers.includes('inventory') && now !== 'REJECTED' ? 'RELEASED' : now;
    case 'OrderCreatedEvent':
    case 'PaymentCompletedEvent':
    case 'PaymentFailedEvent':
    case 'OrderCompletedNotificationSentEvent':
    case 'OrderCompletedNotificationFailedEvent':
    case 'OrderCancelledEvent':
      return now;
  }
}

/** A participant that exists can be looked at in Temporal's Web UI. */
export const hasStarted = ({ events, attempts }: Story, service: Service): boolean =>
  service === 'order' ||
  events.some(({ publisher, subscribers }) => publisher === service || subscribers.includes(service)) ||
  (service === 'notification' && attempts.length > 0);
