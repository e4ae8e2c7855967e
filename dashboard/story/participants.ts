import type { Service } from '../../schemas/services.js';
import { isFinal, type OrderStatus } from '../../schemas/order-status.js';
import type { NotificationStatus } from '../api/documents.js';
import type { Story } from './story.js';

/** Where each of the shop's services stands with the order. NOT_NEEDED: nobody will ask it any more. */
export interface Participants {
  readonly order: OrderStatus | 'ACCEPTED';
  readonly payment: 'NOTHING' | 'CHARGED' | 'CONFIRMED' | 'DECLINED' | 'REFUNDED';
  readonly inventory: 'NOTHING' | 'NOT_NEEDED' | 'RESERVED' | 'REJECTED' | 'RELEASED';
  readonly notification: NotificationStatus | 'NOTHING' | 'NOT_NEEDED';
}

export function participantsOf(story: Story): Participants {
  return {
    order: story.statuses.at(-1)?.status ?? 'ACCEPTED',
    payment: heardByPayment(story).reduce<Participants['payment']>(nextPayment, 'NOTHING'),
    inventory: story.events.reduce<Participants['inventory']>(nextInventory, unasked(story, 'inventory')),
    notification: story.notifications.at(-1)?.status ?? unasked(story, 'notification'),
  };
}

/** Once the order is final, a service that has not been asked never will be. */
function unasked(story: Story, service: Service): 'NOTHING' | 'NOT_NEEDED' {
  const status = story.statuses.at(-1)?.status;
  return status !== undefined && isFinal(status) && !hasStarted(story, service) ? 'NOT_NEEDED' : 'NOTHING';
}

/** Payment confirms when the reservation reaches it, not when Inventory makes it. */
const heardByPayment = ({ events, deliveries }: Story): readonly PublishedEvent[] =>
  events.filter(({ type, eventId }) => type !== 'InventoryReservedEvent' || deliveries.has(eventId));

type PublishedEvent = Story['events'][number];

function nextPayment(now: Participants['payment'], { type }: PublishedEvent): Participants['payment'] {
  switch (type) {
    case 'PaymentCompletedEvent':
      return 'CHARGED';
    case 'PaymentFailedEvent':
      return 'DECLINED';
    case 'InventoryReservedEvent':
      return now === 'CHARGED' ? 'CONFIRMED' : now;
    case 'PaymentCancelledEvent':
      return 'REFUNDED';
    default:
      return now;
  }
}

function nextInventory(
  now: Participants['inventory'],
  { type, subscribers }: PublishedEvent,
): Participants['inventory'] {
  switch (type) {
    case 'InventoryReservedEvent':
      return 'RESERVED';
    case 'InventoryReservationFailedEvent':
      return 'REJECTED';
    case 'PaymentCancelledEvent':
      return subscribers.includes('inventory') && now !== 'REJECTED' ? 'RELEASED' : now;
    default:
      return now;
  }
}

/** Where any other service stands: its last event, or what is known before the first one. */
export function standingOf(story: Story, service: Service): Standing | { readonly lastEvent: string } {
  const last = story.events.findLast(({ publisher }) => publisher === service);
  if (last) return { lastEvent: last.type };
  return hasStarted(story, service) ? 'ASKED' : unasked(story, service);
}

export type Standing = 'NOTHING' | 'NOT_NEEDED' | 'ASKED';

/** Whether the service's participant exists, so that Temporal's Web UI can show it. */
export const hasStarted = ({ events, attempts }: Story, service: Service): boolean =>
  service === 'order' ||
  events.some(({ publisher, subscribers }) => publisher === service || subscribers.includes(service)) ||
  (service === 'notification' && attempts.length > 0);
