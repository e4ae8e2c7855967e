import { hosted } from '../core/workflow/temporal.js';
import { choreography } from '../schemas/catalogue.js';
import { RETRY_NOTIFICATION } from '../schemas/services.js';
import { inventory as inventoryParticipant } from './inventory.js';
import { notification as notificationParticipant } from './notification.js';
import { order as orderParticipant } from './order.js';
import { showOrderStatus } from './order-status.js';
import { payment as paymentParticipant } from './payment.js';

// What Temporal finds in the bundle: one workflow type per service, named like it.
export const order = hosted(choreography, 'order', orderParticipant, { onRow: showOrderStatus });
export const payment = hosted(choreography, 'payment', paymentParticipant);
export const inventory = hosted(choreography, 'inventory', inventoryParticipant);
export const notification = hosted(choreography, 'notification', notificationParticipant, {
  retryUpdate: RETRY_NOTIFICATION,
});
