import { hostedWithDesk } from './temporal-desk.js';
import { showOrderStatus } from './temporal-status.js';
import { hosted } from './temporal.js';
import { inventory as inventoryParticipant } from './inventory.js';
import { notification as notificationParticipant } from './notification.js';
import { order as orderParticipant } from './order.js';
import { payment as paymentParticipant } from './payment.js';

// What Temporal finds in the bundle: one workflow type per service, named like it.
export const order = hosted(orderParticipant, showOrderStatus);
export const payment = hosted(paymentParticipant);
export const inventory = hosted(inventoryParticipant);
export const notification = hostedWithDesk(notificationParticipant);
