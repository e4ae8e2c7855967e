import { eventTypes, type EventType } from '../../schemas/catalogue.js';

/** Plain JSON, as it would come out of a signal: what the registry makes of it is what is tested. */
export type Json = Readonly<Record<string, unknown>>;

const common: Json = {
  eventId: '0f8fad5b-d9cb-569f-a165-70867728950e',
  version: 1,
  orderId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  correlationId: '3d813cbb-47fb-32ba-91df-831e1593ac29',
  causationId: '1b4e28ba-2fa1-51d2-883f-0016d3cca427',
  occurredAt: 1_700_000_000_000,
};

const total: Json = { amount: 75_000, currency: 'KRW' };
const ordered: Json = {
  customerId: 'alice',
  items: [
    { sku: 'mouse', quantity: 2, unitPrice: { amount: 25_000, currency: 'KRW' } },
    { sku: 'cable', quantity: 1, unitPrice: { amount: 25_000, currency: 'KRW' } },
  ],
  total,
};
const answerBy = 1_700_000_300_000;

/** One good payload of every event. */
export const examples: Readonly<Record<EventType, Json>> = {
  OrderCreatedEvent: { ...common, causationId: null, ...ordered, answerBy },
  PaymentCompletedEvent: { ...common, ...ordered, answerBy },
  PaymentFailedEvent: { ...common, reason: 'INSUFFICIENT_BALANCE' },
  InventoryReservedEvent: { ...common, ...ordered },
  InventoryReservationFailedEvent: { ...common, reason: 'OUT_OF_STOCK' },
  PaymentCancelledEvent: { ...common, reason: 'INVENTORY_TIMEOUT', refunded: total },
  OrderCompletedNotificationSentEvent: { ...common, uncertain: true },
  OrderCancelledEvent: { ...common, reason: 'SAGA_TIMEOUT' },
  OrderCompletedNotificationFailedEvent: { ...common, attempts: 4 },
};

export const everyExample: readonly (readonly [EventType, Json])[] = eventTypes.map((type) => [
  type,
  examples[type],
]);

/** An example with fields at its top level changed; `undefined` takes a field away. */
export function changed(type: EventType, changes: Json): Json {
  const fields = Object.entries({ ...examples[type], ...changes });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}
