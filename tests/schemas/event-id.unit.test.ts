import { describe, expect, it } from 'vitest';
import { eventIdOf } from '../../core/event-id.js';
import type { EventId } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';

const orderId = '7c9e6679-7425-40de-944b-e07fc1f90ae7' as OrderId;
const cause = '1b4e28ba-2fa1-51d2-883f-0016d3cca427' as EventId;

describe('the id of an event', () => {
  it('never changes: stored events must keep their ids', () => {
    expect(eventIdOf(orderId, 'OrderCreatedEvent', null)).toBe('26843e73-90a2-5ba9-9a58-850fa1ce037d');
    expect(eventIdOf(orderId, 'PaymentCancelledEvent', cause)).toBe('564f5bc5-07c8-53fd-be7d-49fa661d541a');
  });

  it('differs by order, type and cause', () => {
    const ids = [
      eventIdOf(orderId, 'PaymentFailedEvent', cause),
      eventIdOf(cause as string as OrderId, 'PaymentFailedEvent', cause),
      eventIdOf(orderId, 'PaymentCompletedEvent', cause),
      eventIdOf(orderId, 'PaymentFailedEvent', null),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
