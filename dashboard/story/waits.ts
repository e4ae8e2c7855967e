import { isFinal } from '../../schemas/order-status.js';
import type { Service } from '../../schemas/services.js';
import type { Story } from './story.js';
import { millis } from './time.js';

/** A wait of one service, open until `endedAt`. `dueAt` is null if the deadline is unknown. */
export interface Wait {
  readonly name: WaitName;
  readonly key: string;
  readonly lane: Service;
  readonly begunAt: number;
  readonly dueAt: number | null;
  readonly endedAt: number | null;
  readonly end: 'open' | 'answered' | 'ran out';
}

export type WaitName = 'payment' | 'saga' | 'reservation' | 'next attempt';

export const waitsOf = (story: Story): readonly Wait[] => [
  ...paymentWait(story),
  ...sagaWait(story),
  ...reservationWait(story),
  ...pauses(story),
];

/** Order waits for the payment until its status changes. */
function paymentWait({ placed, statuses }: Story): readonly Wait[] {
  if (!placed) return [];
  const next = statuses.find(({ status }) => status !== 'PENDING_PAYMENT');
  return [
    {
      name: 'payment',
      key: 'payment',
      lane: 'order',
      begunAt: millis(placed.at),
      dueAt: millis(placed.paymentDueAt),
      ...endOf(next?.at, next?.reason === 'PAYMENT_TIMEOUT'),
    },
  ];
}

/** Order waits for the whole saga until it is final, or until the deadline calls for a person. */
function sagaWait({ placed, statuses, attention }: Story): readonly Wait[] {
  if (!placed) return [];
  const final = statuses.find(({ status }) => isFinal(status));
  const overdue = attention.find(({ code }) => code === 'NOTIFICATION_OVERDUE');
  const ranOut = overdue !== undefined || final?.reason === 'SAGA_TIMEOUT';
  return [
    {
      name: 'saga',
      key: 'saga',
      lane: 'order',
      begunAt: millis(placed.at),
      dueAt: millis(placed.sagaDueAt),
      ...endOf(overdue?.since ?? final?.at, ranOut),
    },
  ];
}

/** Payment waits for the reservation until it hears the result or gives the money back. */
function reservationWait({ events }: Story): readonly Wait[] {
  const charged = events.find(({ type }) => type === 'PaymentCompletedEvent');
  if (!charged) return [];
  const answer = events.find(
    ({ type }) => type === 'InventoryReservedEvent' || type === 'InventoryReservationFailedEvent',
  );
  const refund = events.find(({ type }) => type === 'PaymentCancelledEvent');
  const ranOut = refund?.payload['reason'] === 'INVENTORY_TIMEOUT' && refund.causationId === charged.eventId;
  const answerBy = charged.payload['answerBy'];
  return [
    {
      name: 'reservation',
      key: 'reservation',
      lane: 'payment',
      begunAt: millis(charged.occurredAt),
      dueAt: typeof answerBy === 'number' ? answerBy : null,
      ...endOf((ranOut ? refund : (answer ?? refund))?.occurredAt, ranOut),
    },
  ];
}

/** Notification pauses between attempts. The feed does not say for how long; the previous pause is a good guess. */
function pauses({ attempts, notifications }: Story): readonly Wait[] {
  const waits: Wait[] = [];
  let usual: number | null = null;
  for (const [index, { endedAt, fate, ...attempt }] of attempts.entries()) {
    if (endedAt === null || fate === 'ACCEPTED') continue;
    const begunAt = millis(endedAt);
    const next = attempts[index + 1];
    const over = notifications.find(({ status, at }) => status !== 'SENDING' && millis(at) >= begunAt);
    if (next?.round !== attempt.round && over) continue;
    const nextAt = next?.round === attempt.round ? next.begunAt : undefined;
    waits.push({
      name: 'next attempt',
      key: `pause ${attempt.round}.${attempt.number}`,
      lane: 'notification',
      begunAt,
      dueAt: usual === null ? null : begunAt + usual,
      ...endOf(nextAt, false),
    });
    if (nextAt !== undefined) usual = millis(nextAt) - begunAt;
  }
  return waits;
}

const endOf = (at: string | undefined, ranOut: boolean): Pick<Wait, 'endedAt' | 'end'> =>
  at === undefined
    ? { endedAt: null, end: 'open' }
    : { endedAt: millis(at), end: ranOut ? 'ran out' : 'answered' };
