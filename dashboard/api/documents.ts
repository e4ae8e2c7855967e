import type { AttentionCode, OrderStatus } from '../../schemas/order-status.js';
import type { Reason } from '../../schemas/reasons.js';
import type { Service } from '../../schemas/services.js';

/** A whole number of the currency's smallest unit. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

export interface OrderItem {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: Money;
}

export interface Attention {
  readonly code: AttentionCode;
  readonly since: string;
  readonly clearedAt: string | null;
}

export interface Order {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly OrderItem[];
  readonly total: Money;
  readonly status: OrderStatus;
  readonly reason: Reason | null;
  readonly attention: readonly Attention[];
  readonly toldAt: string | null;
  readonly refundedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly history: readonly {
    readonly status: OrderStatus;
    readonly at: string;
    readonly eventId: string | null;
  }[];
  readonly links: { readonly self: string; readonly events: string; readonly temporal: string };
}

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly price: Money;
}

export interface Customer {
  readonly customerId: string;
  readonly name: string;
}

export interface Wallet {
  readonly customerId: string;
  readonly balance: Money;
}

export interface Stock {
  readonly sku: string;
  readonly available: number;
  readonly reserved: number;
}

export interface Mail {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly at: string;
}

export interface AttentionEntry {
  readonly orderId: string;
  readonly code: AttentionCode | 'SIGNAL_QUARANTINED';
  readonly since: string;
  readonly ageSeconds: number;
  readonly actions: readonly { readonly method: 'GET' | 'POST'; readonly href: string }[];
}

export interface QuarantineEntry {
  readonly id: number;
  readonly state: 'WAITING' | 'REDRIVEN' | 'DISMISSED';
  readonly service: Service;
  readonly orderId: string;
  readonly workflowId: string;
  readonly signalName: string;
  readonly reason: string;
  readonly detail: string;
  readonly seen: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
}

export interface QuarantineDetail extends QuarantineEntry {
  readonly publishedBy: string | null;
  readonly body: string;
  readonly bodyIsCut: boolean;
  readonly redrives: readonly OperatorAction[];
}

export interface OperatorAction {
  readonly at: string;
  readonly operator: string;
  readonly action: string;
  readonly orderId: string | null;
  readonly quarantineId: number | null;
  readonly outcome: string;
  readonly detail: string;
}

/** A page of a list; `nextCursor` asks for the next one. */
export type Page<Name extends string, Entry> = { readonly [_ in Name]: readonly Entry[] } & {
  readonly nextCursor: string | null;
};

/** RFC 9457: why the API did not do as it was asked, and what is wrong with which field. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
}

export interface FieldError {
  readonly detail: string;
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
}
