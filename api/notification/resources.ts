import { z } from 'zod';
import { findContact, saveContact } from '../../db/notification/contacts.js';
import { listNotifications } from '../../db/notification/notification-view.js';
import type { Pool } from '../../db/pool.js';
import * as shown from '../http/response-fields.js';
import type { Face } from '../http/router.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { Problem } from '../http/problem.js';
import { timeJson } from '../order/order-document.js';

/** Notification's face: where customers are reached, and what they were told. */
export const notificationFace = (pool: Pool): Face => ({
  name: 'Notification',
  description: 'Where customers are reached, and what they were told.',
  resources: {
    '/contacts/{customerId}': { get: showContact(pool), put: putContact(pool) },
    '/notifications': { get: list(pool) },
  },
});

const contact = z.strictObject({ customerId: shown.customerId, email: z.string() }).meta({ id: 'Contact' });
const contactPath = z.object({ customerId: field.customerId });

const showContact = (pool: Pool) =>
  operation({
    id: 'showContact',
    summary: 'Shows where a customer is reached',
    path: contactPath,
    answers: { 200: { description: 'The contact', body: contact } },
    problems: ['not-found'],
    caching: 'private',
    handle: async ({ path: { customerId } }) => {
      const found = await findContact(pool, customerId);
      if (!found) throw new Problem('not-found', `there is no contact of ${customerId}`);
      return { status: 200, body: found };
    },
  });

const putContact = (pool: Pool) =>
  operation({
    id: 'putContact',
    summary: 'Says where a customer is reached',
    description: 'Mails on their way still go to the old address.',
    path: contactPath,
    body: z.strictObject({ email: field.email }),
    answers: { 200: { description: 'The contact as it is now', body: contact } },
    handle: async ({ path: { customerId }, body: { email } }) => {
      await saveContact(pool, { customerId, email });
      return { status: 200, body: { customerId, email } };
    },
  });

const notification = z
  .strictObject({
    orderId: shown.uuid,
    status: z.enum(['SENDING', 'SENT', 'FAILED', 'REVOKED']),
    attempts: z.int().min(0).meta({ description: 'in all rounds' }),
    sentAt: shown.time.nullable(),
  })
  .meta({ id: 'Notification' });

const list = (pool: Pool) =>
  operation({
    id: 'listNotifications',
    summary: 'Shows how far telling the customer of an order has come',
    query: z.strictObject({ orderId: field.orderId }),
    answers: {
      200: {
        description: 'The notification, or none',
        body: z.strictObject({ notifications: z.array(notification) }),
      },
    },
    caching: 'private',
    handle: async ({ query: { orderId } }) => {
      const found = await listNotifications(pool, orderId);
      return {
        status: 200,
        body: { notifications: found.map((one) => ({ ...one, sentAt: timeJson(one.sentAt) })) },
      };
    },
  });
