import { z } from 'zod';
import type { ApiDependencies } from '../dependencies.js';
import { operation } from '../http/operation.js';
import { operatorHeader } from '../http/operator-header.js';
import { problemOf } from '../refusals.js';
import { commandDocument, entryPath } from './entry-document.js';
import { redrive } from './redrive.js';

export const postRedrive = ({ pools, client }: ApiDependencies) =>
  operation({
    id: 'redrive',
    summary: 'Checks a refused signal again, and delivers it if it passes',
    path: entryPath,
    headers: z.object({ Operator: operatorHeader }),
    responses: { 202: { description: 'It is delivered', body: commandDocument('DELIVERED') } },
    problems: ['not-found', 'quarantine-entry-not-waiting', 'event-still-invalid'],
    handle: async ({ path: { id }, headers: { Operator: operator } }) => {
      const { refusal, signal } = await redrive({ pool: pools.operator, client }, { id, operator });
      if (refusal) throw problemOf(refusal);
      const { orderId, service } = signal;
      return { status: 202, body: { id, orderId, service, operator, outcome: 'DELIVERED' as const } };
    },
  });
