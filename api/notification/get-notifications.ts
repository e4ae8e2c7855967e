import { z } from 'zod';
import { listNotifications } from '../../db/notification/notification-view.js';
import type { Pool } from '../../core/postgres/pool.js';
import * as field from '../http/fields.js';
import { isoTime } from '../http/iso-time.js';
import { operation } from '../http/operation.js';
import * as shown from '../http/response-fields.js';

const notification = z
  .strictObject({
    orderId: shown.uuid,
    status: shown.openEnum(['SENDING', 'SENT', 'FAILED', 'REVOKED']),
    attempts: z.int().min(0).meta({ description: 'in all rounds together' }),
    sentAt: shown.time.nullable(),
  })
  .meta({ id: 'Notification' });

export const getNotifications = (pool: Pool) =>
  operation({
    id: 'listNotifications',
    summary: 'Shows how far the notification of an order has come',
    query: z.strictObject({ orderId: field.orderId }),
    responses: {
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
        body: { notifications: found.map((one) => ({ ...one, sentAt: isoTime(one.sentAt) })) },
      };
    },
  });
