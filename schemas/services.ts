import type { OrderId } from './ids.js';

/** The four services, in the order in which the happy path visits them. A service's task queue and workflow type bear its name. */
export const services = ['order', 'payment', 'inventory', 'notification'] as const;
export type Service = (typeof services)[number];

export const taskQueueOf = (service: Service): string => service;

export const workflowTypeOf = (service: Service): string => service;

/** One participant per order and service; the same id is signalled whether it runs, has closed, or never ran. */
export const workflowIdOf = (service: Service, orderId: OrderId): string => `${service}-${orderId}`;

/** The PostgreSQL login role with which a service writes; the journal records it as the publisher (`published_by`). */
export const roleOf = (service: Service): string => `${service}_service`;

/** The Update by which an operator asks a parked notification participant for another round of attempts. */
export const RETRY_NOTIFICATION = 'retryNotification';

/** On all four participants: one query on it lists a whole saga. */
export const ORDER_ID_ATTRIBUTE = 'OrderId';

/** On the order participant only: where the saga stands. */
export const ORDER_STATUS_ATTRIBUTE = 'OrderSagaStatus';
