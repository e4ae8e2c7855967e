import { z } from 'zod';
import { listOperatorActions } from '../../db/operator/operator-actions.js';
import { findQuarantined } from '../../db/operator/quarantine-view.js';
import type { ApiDependencies } from '../dependencies.js';
import { operation } from '../http/operation.js';
import { actionJson, operatorAction } from '../operators/operator-actions.js';
import { problemOf } from '../refusals.js';
import { entryDocument, entryJson, entryPath } from './entry-document.js';
import { findClaimed, isCut } from './inspect-again.js';

const signalDocument = entryDocument
  .extend({
    publishedBy: z
      .string()
      .nullable()
      .meta({
        description:
          'The database role that wrote the journal event whose id the body names; null if there is none, as for most ' +
          'junk. Temporal does not tell a workflow who sent a signal; the sender’s own claim is the `identity` of the ' +
          'WorkflowExecutionSignaled event in the history of `runId`.',
      }),
    body: z.string().meta({ description: 'as received, or its first 16,384 characters' }),
    bodyIsCut: z.boolean(),
    redrives: z.array(operatorAction),
  })
  .meta({ id: 'QuarantinedSignal' });

/** An entry has few actions; this only bounds the response. */
const MAX_ACTIONS = 100;

export const getEntry = ({ pools }: ApiDependencies) =>
  operation({
    id: 'showQuarantineEntry',
    summary: 'Shows a refused signal with its body and its publisher',
    path: entryPath,
    responses: { 200: { description: 'The entry', body: signalDocument } },
    problems: ['not-found'],
    handle: async ({ path: { id } }) => {
      const signal = await findQuarantined(pools.operator, id);
      if (!signal) throw problemOf({ reason: 'UNKNOWN_ENTRY', id });
      const claimed = await findClaimed(pools.operator, signal);
      const actions = await listOperatorActions(pools.operator, { quarantineId: id, limit: MAX_ACTIONS });
      return {
        status: 200,
        body: {
          ...entryJson(signal),
          publishedBy: claimed?.publishedBy ?? null,
          body: signal.body,
          bodyIsCut: isCut(signal),
          redrives: actions.map(actionJson),
        },
      };
    },
  });
