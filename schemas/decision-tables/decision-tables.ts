import type { Service } from '../services.js';
import { inventoryTable } from './inventory-table.js';
import { notificationTable } from './notification-table.js';
import { orderTable } from './order-table.js';
import { paymentTable } from './payment-table.js';

/** The decision table of each service. */
export const decisionTables = {
  order: orderTable,
  payment: paymentTable,
  inventory: inventoryTable,
  notification: notificationTable,
} satisfies Record<Service, object>;
