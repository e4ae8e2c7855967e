import type { EventType } from '../../schemas/catalogue.js';
import type { AttentionCode, OrderStatus } from '../../schemas/order-status.js';
import type { Reason } from '../../schemas/reasons.js';
import type { Service } from '../../schemas/services.js';
import type { Money, OrderItem } from '../api/documents.js';

/** Everything the live feed says, by kind: the data of `GET /events` and of an order's own stream. Times are RFC 3339. */
export interface FeedData {
  readonly placed: {
    readonly orderId: string;
    readonly customerId: string;
    readonly items: readonly OrderItem[];
    readonly total: Money;
    readonly at: string;
    readonly paymentDueAt: string;
    readonly sagaDueAt: string;
  };
  readonly status: {
    readonly orderId: string;
    readonly status: OrderStatus;
    readonly reason: Reason | null;
    readonly at: string;
    readonly eventId: string | null;
  };
  readonly published: {
    readonly orderId: string;
    readonly eventId: string;
    readonly type: EventType;
    readonly version: number;
    readonly publisher: Service;
    readonly subscribers: readonly Service[];
    readonly causationId: string | null;
    readonly occurredAt: string;
    readonly payload: Readonly<Record<string, unknown>>;
  };
  /** All subscribers have the event. */
  readonly delivered: { readonly orderId: string; readonly eventId: string; readonly at: string };
  readonly dropped: {
    readonly orderId: string;
    readonly service: Service;
    readonly eventId: string;
    readonly why: 'REPEAT' | 'NO_EFFECT';
    readonly seen: number;
    readonly at: string;
  };
  readonly quarantined: {
    readonly orderId: string;
    readonly service: Service;
    readonly id: number;
    readonly signalName: string;
    readonly reason: string;
    readonly seen: number;
    readonly at: string;
  };
  readonly attention: {
    readonly orderId: string;
    readonly code: AttentionCode;
    readonly since: string;
    readonly clearedAt: string | null;
  };
  /** Told twice: when the attempt begins, and when it ends. */
  readonly attempt: {
    readonly orderId: string;
    readonly round: number;
    readonly number: number;
    readonly begunAt: string;
    readonly endedAt: string | null;
    readonly fate: 'ACCEPTED' | 'REFUSED' | 'UNKNOWN' | null;
  };
  readonly notification: {
    readonly orderId: string;
    readonly status: NotificationStatus;
    readonly at: string;
  };
  readonly operator: {
    readonly orderId: string;
    readonly operator: string;
    readonly action: string;
    readonly outcome: string;
    readonly at: string;
  };
}

export type NotificationStatus = 'NOTHING' | 'SENDING' | 'SENT' | 'FAILED' | 'REVOKED';

export type FeedKind = keyof FeedData;

export type FeedMessage = {
  [Kind in FeedKind]: { readonly kind: Kind; readonly data: FeedData[Kind] };
}[FeedKind];

export const feedKinds = [
  'placed',
  'status',
  'published',
  'delivered',
  'dropped',
  'quarantined',
  'attention',
  'attempt',
  'notification',
  'operator',
] as const satisfies readonly FeedKind[];
