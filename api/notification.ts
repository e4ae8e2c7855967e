import { Router } from 'express';
import { z } from 'zod';
import { findContact, saveContact } from '../db/notification/contacts.js';
import { listNotifications } from '../db/notification/notification-view.js';
import type { Pool } from '../db/pool.js';
import * as field from './http/fields.js';
import { Problem } from './http/problem.js';
import { resource } from './http/resource.js';
import { readBody, readParameters } from './http/validate.js';
import { timeJson } from './order-json.js';

const contactPath = z.object({ customerId: field.customerId });
const contactBody = z.strictObject({ email: z.email('expected an e-mail address').max(254) });
const notificationsQuery = z.strictObject({ orderId: field.orderId });

/** Notification's face: where customers are reached, and what they were told. */
export function notificationRouter(pool: Pool): Router {
  const router = Router();
  resource(router, '/contacts/:customerId', {
    get: async (request, response) => {
      const { customerId } = readParameters(request.params, contactPath);
      const contact = await findContact(pool, customerId);
      if (!contact) throw new Problem('not-found', `there is no contact of ${customerId}`);
      response.json(contact);
    },
    put: async (request, response) => {
      const { customerId } = readParameters(request.params, contactPath);
      const contact = { customerId, ...readBody(request, contactBody) };
      await saveContact(pool, contact);
      response.json(contact);
    },
  });
  resource(router, '/notifications', {
    get: async (request, response) => {
      const { orderId } = readParameters(request.query, notificationsQuery);
      const found = await listNotifications(pool, orderId);
      response.json({ notifications: found.map((one) => ({ ...one, sentAt: timeJson(one.sentAt) })) });
    },
  });
  return router;
}
