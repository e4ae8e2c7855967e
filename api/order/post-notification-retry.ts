import { z } from 'zod';
import { databaseTime } from '../../core/postgres/database-time.js';
import type { ApiDependencies } from '../dependencies.js';
import * as field from '../http/fields.js';
import { isoTime } from '../http/iso-time.js';
import { operation } from '../http/operation.js';
import { operatorHeader } from '../http/operator-header.js';
import * as shown from '../http/response-fields.js';
import { problemOf } from '../refusals.js';
import { retryNotification } from './retry-notification.js';

export const postNotificationRetry = (deps: ApiDependencies) =>
  operation({
    id: 'retryNotification',
    summary: 'Asks for another round of attempts to tell the customer',
    path: z.object({ orderId: field.orderId }),
    headers: z.object({ Operator: operatorHeader, 'Idempotency-Key': field.idempotencyKey.optional() }),
    responses: {
      202: {
        description: 'The retry is accepted',
        body: z.strictObject({ orderId: shown.uuid, operator: z.string(), requestedAt: shown.time }),
      },
    },
    problems: ['not-found', 'notification-not-parked'],
    handle: async ({
      path: { orderId },
      headers: { Operator: operator, 'Idempotency-Key': idempotencyKey },
    }) => {
      const requestedAt = isoTime(await databaseTime(deps.pools.order));
      const { refusal } = await retryNotification(deps, { orderId, operator, idempotencyKey });
      if (refusal) throw problemOf(refusal);
      return { status: 202, body: { orderId, operator, requestedAt } };
    },
  });
