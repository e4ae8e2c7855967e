/** The services, in the order in which the happy path visits them. */
export const services = ['order', 'payment', 'inventory', 'notification'] as const;
export type Service = (typeof services)[number];

/** On all participants of an order: one query on it lists a whole saga. */
export const ORDER_ID_ATTRIBUTE = 'OrderId';

/** On the order participant only: where the saga stands. */
export const ORDER_STATUS_ATTRIBUTE = 'OrderSagaStatus';

/** Who logs in to PostgreSQL: each service, and the API for operators and for those who only watch. */
export const logins = [...services, 'operator', 'observer'] as const;
export type LoginName = (typeof logins)[number];

/** The Update by which an operator asks a parked notification participant for another round of attempts. */
export const RETRY_NOTIFICATION = 'retryNotification';
