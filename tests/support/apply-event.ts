import type { EffectContext, EffectResult } from '../../core/activity/effect.js';
import type { AnyEvent } from '../../core/event.js';
import type { AnyParticipant } from '../../core/workflow/participant.js';
import type { Service } from '../../schemas/services.js';
import { inventory } from '../../workflows/inventory.js';
import { notification } from '../../workflows/notification.js';
import { order } from '../../workflows/order.js';
import { payment } from '../../workflows/payment.js';

const participants = { order, payment, inventory, notification } as unknown as Readonly<
  Record<Service, AnyParticipant<unknown[]>>
>;

/** The effects of the events that begin a participant's work, which it tries once. */
const beginnings: Readonly<Record<string, string>> = {
  'payment OrderCreatedEvent': 'charge',
  'inventory PaymentCompletedEvent': 'reserve',
  'notification InventoryReservedEvent': 'prepare',
};

/** Runs the effect by which the service's participant answers the event; one that it has no effect for is inspected. */
export async function applyEvent(
  service: Service,
  effects: object,
  context: EffectContext,
  event: AnyEvent,
): Promise<EffectResult<{ readonly status: string }>> {
  const run = (name: string) => (input: unknown) =>
    (effects as Readonly<Record<string, (context: EffectContext, input: unknown) => Promise<unknown>>>)[
      name
    ]?.(context, input);
  const beginning = beginnings[`${service} ${event.type}`];
  const ensure = new Proxy({}, { get: (_, name: string) => run(name) });
  const applied = beginning
    ? run(beginning)(event)
    : (participants[service].react({ ensure } as never, event as never) ?? run('inspect')(event));
  return (await applied) as EffectResult<{ readonly status: string }>;
}
