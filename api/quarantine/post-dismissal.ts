import { z } from 'zod';
import type { ApiDependencies } from '../dependencies.js';
import { operation } from '../http/operation.js';
import { operatorHeader } from '../http/operator-header.js';
import { problemOf } from '../refusals.js';
import { dismiss } from './dismiss.js';
import { commandDocument, entryPath } from './entry-document.js';

export const postDismissal = ({ pools }: ApiDependencies) =>
  operation({
    id: 'dismiss',
    summary: 'Dismisses a refused signal that needs no action',
    path: entryPath,
    headers: z.object({ Operator: operatorHeader }),
    responses: { 200: { description: 'It no longer needs attention', body: commandDocument('DISMISSED') } },
    problems: ['not-found', 'quarantine-entry-not-waiting'],
    handle: async ({ path: { id }, headers: { Operator: operator } }) => {
      const { refusal, signal } = await dismiss(pools.operator, id, operator);
      if (refusal) throw problemOf(refusal);
      const { orderId, service } = signal;
      return { status: 200, body: { id, orderId, service, operator, outcome: 'DISMISSED' as const } };
    },
  });
