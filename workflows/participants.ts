import type { Service } from '../schemas/services.js';
import { inventory } from './inventory.js';
import { notification } from './notification.js';
import { order } from './order.js';
import { payment } from './payment.js';

/** The participant of each service. */
export const participants = {
  order,
  payment,
  inventory,
  notification,
} satisfies Record<Service, unknown>;
