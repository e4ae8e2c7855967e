import { hosted } from '../core/workflow/temporal.js';
import { choreography } from '../schemas/catalogue.js';
import { RETRY_NOTIFICATION } from '../schemas/services.js';
import { showOrderStatus } from './order-status.js';
import { participants } from './participants.js';

// What Temporal finds in the bundle: one workflow type per service, named like it.
export const order = hosted(choreography, 'order', participants.order, { onRow: showOrderStatus });
export const payment = hosted(choreography, 'payment', participants.payment);
export const inventory = hosted(choreography, 'inventory', participants.inventory);
export const notification = hosted(choreography, 'notification', participants.notification, {
  retryUpdate: RETRY_NOTIFICATION,
});

// What Temporal runs for every other workflow type.
export { unknownParticipant as default } from '../core/workflow/temporal.js';
