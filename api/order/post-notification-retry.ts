import { v4, v5 } from 'uuid';
import { z } from 'zod';
import { recordOperatorAction } from '../../db/operator/operator-actions.js';
import { knownOrder } from './find-order.js';
import * as shown from '../http/response-fields.js';
import type { ApiDependencies } from '../dependencies.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { Problem, unavailable } from '../http/problem.js';
import * as saga from '../saga-client.js';

const RETRIES = '0d6a5a5e-94d6-4d8b-a5b4-9c8f2f1c6b37';

/** An operator's retry of a notification; one that is refused is put on record here. */
export const retryNotification = (deps: ApiDependencies) =>
  operation({
    id: 'retryNotification',
    summary: 'Asks for another round of attempts to tell the customer',
    path: z.object({ orderId: field.orderId }),
    headers: z.object({ Operator: field.operator, 'Idempotency-Key': field.idempotencyKey.optional() }),
    answers: {
      202: {
        description: 'The retry is accepted',
        body: z.strictObject({ orderId: shown.uuid, operator: z.string(), requestedAt: shown.time }),
      },
    },
    problems: ['not-found', 'notification-not-parked'],
    handle: async ({ path, headers: { Operator: operator, 'Idempotency-Key': key } }) => {
      const { orderId } = await knownOrder(deps, path.orderId);
      const updateId = key === undefined ? v4() : v5(`${orderId}\n${key}`, RETRIES);
      const requestedAt = new Date().toISOString();
      const outcome = await saga.retryNotification(deps.client, orderId, operator, updateId);
      // One that is accepted is recorded by Notification, together with what it does.
      if (outcome !== 'ACCEPTED')
        await recordOperatorAction(deps.pools.operator, {
          action: 'NOTIFICATION_RETRY',
          operator,
          orderId,
          outcome,
          detail: '',
        });
      switch (outcome) {
        case 'ACCEPTED':
          return { status: 202, body: { orderId, operator, requestedAt } };
        case 'NOT_PARKED':
          throw new Problem('notification-not-parked', 'its attempts are not used up, or it has been sent');
        case 'NO_ANSWER':
          throw unavailable('no Notification worker has answered');
      }
    },
  });
