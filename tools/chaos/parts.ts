import { services } from '../../schemas/services.js';

export const API = 'API';
export const POSTGRES = 'PostgreSQL';
export const TEMPORAL = 'Temporal';
export const MAIL_CATCHER = 'mail catcher';
export const CUSTOMERS = 'customers';

export const workerOf = (service: string): string => `${service} worker`;

export const workers: readonly string[] = services.map(workerOf);

/** Every process of the system, as faults name it. */
export const parts: readonly string[] = [...workers, API, POSTGRES, TEMPORAL, MAIL_CATCHER];

/** The connection of one part to another; each pair that talks has one of its own. */
export const linkOf = (from: string, to: string): string => `${from} to ${to}`;

export const links: readonly string[] = [
  ...[...workers, API].flatMap((part) => [linkOf(part, POSTGRES), linkOf(part, TEMPORAL)]),
  linkOf(workerOf('notification'), MAIL_CATCHER),
  linkOf(CUSTOMERS, API),
];
