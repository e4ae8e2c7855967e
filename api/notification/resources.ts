import type { Pool } from '../../core/postgres/pool.js';
import type { ResourceGroup } from '../http/router.js';
import { getContact, putContact } from './contacts.js';
import { getNotifications } from './get-notifications.js';

export const notificationResources = (pool: Pool): ResourceGroup => ({
  name: 'Notification',
  description: 'Contact addresses, and what customers were told.',
  resources: {
    '/contacts/{customerId}': { get: getContact(pool), put: putContact(pool) },
    '/notifications': { get: getNotifications(pool) },
  },
});
