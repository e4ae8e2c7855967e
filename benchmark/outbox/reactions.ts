import type { NotificationEffects } from '../../activities/notification.js';
import type { EffectContext, EffectResult } from '../../core/activity/effect.js';
import type { EventTypeFor } from '../../schemas/catalogue.js';
import type { SagaEvent } from '../../schemas/event.js';
import type { Queued } from './services.js';

/** Any service's effects, by name. */
export type AnyEffects = Readonly<
  Record<string, (context: EffectContext, input: unknown) => Promise<EffectResult<unknown>>>
>;

/** Which effect an event has: what the participants say in their own words. */
export const effectOf: { readonly [Name in Queued]: Readonly<Partial<Record<EventTypeFor<Name>, string>>> } =
  {
    order: {
      PaymentCompletedEvent: 'markPaid',
      PaymentFailedEvent: 'markUnpaid',
      InventoryReservedEvent: 'markReserved',
      PaymentCancelledEvent: 'markRefunded',
      OrderCompletedNotificationSentEvent: 'complete',
      OrderCompletedNotificationFailedEvent: 'callForAttention',
    },
    payment: {
      OrderCreatedEvent: 'charge',
      OrderCancelledEvent: 'refund',
      InventoryReservedEvent: 'confirm',
      InventoryReservationFailedEvent: 'refund',
    },
    inventory: { PaymentCompletedEvent: 'reserve', PaymentCancelledEvent: 'release' },
    notification: { InventoryReservedEvent: 'prepare', PaymentCancelledEvent: 'revoke' },
  };

/** The product owner allows no retry for these: if one throws, it is made void, unless it turns out to have been done. */
const triedOnce: ReadonlySet<string> = new Set(['charge', 'reserve']);

/** Applies an event, and sends the mail that follows a reservation. Rejects where it is to be tried again. */
export async function react(
  service: Queued,
  effects: AnyEffects,
  context: EffectContext,
  event: SagaEvent,
): Promise<void> {
  const name = (effectOf[service] as Readonly<Record<string, string>>)[event.type] ?? 'inspect';
  const effect = (called: string) => effects[called]?.(context, event);
  if (triedOnce.has(name)) await effect(name)?.catch(() => effect('void'));
  else await effect(name);
  if (name === 'prepare') await sendMail(effects as never, context);
}

/** One attempt; the last one that fails is the end of it. */
async function sendMail(effects: NotificationEffects, context: EffectContext): Promise<void> {
  const { row } = await effects.look(context, null);
  if (row.status !== 'SENDING') return;
  const { causeId, round, attempts, maxAttempts } = row;
  if (attempts >= maxAttempts) await effects.giveUp(context, { causeId, round });
  else await effects.send(context, { causeId, round, attemptsBefore: attempts });
}
