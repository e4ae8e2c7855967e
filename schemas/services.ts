import type { SagaEvent } from './event.js';
import type { OrderId } from './ids.js';

/** The four services, in the order in which the happy path visits them. A service's task queue and workflow type bear its name. */
export const services = ['order', 'payment', 'inventory', 'notification'] as const;
export type Service = (typeof services)[number];

export const taskQueueOf = (service: Service): string => service;

export const workflowTypeOf = (service: Service): string => service;

/** One participant per order and service; the same id is signalled whether it runs, has closed, or never ran. */
export const workflowIdOf = (service: Service, orderId: OrderId): string => `${service}-${orderId}`;

/** On all four participants: one query on it lists a whole saga. */
export const ORDER_ID_ATTRIBUTE = 'OrderId';

/** On the order participant only: where the saga stands. */
export const ORDER_STATUS_ATTRIBUTE = 'OrderSagaStatus';

/** Where a participant runs, and how Temporal shows and finds it: alike for all who start it, by a signal or without. */
export const participantOf = (service: Service, orderId: OrderId) => ({
  workflowId: workflowIdOf(service, orderId),
  taskQueue: taskQueueOf(service),
  staticSummary: `${service} of order ${orderId}`,
  typedSearchAttributes: [keyword(ORDER_ID_ATTRIBUTE, orderId)],
});

/** How an event reaches a participant: by a signal, which starts it where it does not run: its first event, or a late one. */
export const deliveryOf = (service: Service, { type, payload }: SagaEvent) => ({
  ...participantOf(service, payload.orderId),
  args: [payload.orderId],
  signal: type,
  signalArgs: [payload],
});

/** A search attribute of Temporal with its value. */
export const keyword = (name: string, value: string) => ({ key: { name, type: 'KEYWORD' }, value }) as const;

/** Who logs in to PostgreSQL: each service, and the API for operators and for those who only watch. */
export const logins = [...services, 'operator', 'observer'] as const;
export type LoginName = (typeof logins)[number];

/** A login's PostgreSQL role; the journal records a service's as the publisher (`published_by`). */
export const roleOf = (login: LoginName): string => `${login}_service`;

/** The Update by which an operator asks a parked notification participant for another round of attempts. */
export const RETRY_NOTIFICATION = 'retryNotification';
