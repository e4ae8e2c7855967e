import { z } from 'zod';
import { listQuarantine, quarantineStates, type QuarantineView } from '../../db/operator/quarantine-view.js';
import { quarantineReasons } from '../../core/activity/inspection.js';
import { services } from '../../schemas/services.js';
import type { ApiDependencies } from '../dependencies.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { pagingBy } from '../http/paging.js';
import * as shown from '../http/response-fields.js';
import { entryDocument, entryJson } from './entry-document.js';

const page = pagingBy(z.int(), ({ id }: QuarantineView) => id);

export const listEntries = ({ pools }: ApiDependencies) =>
  operation({
    id: 'listQuarantine',
    summary: 'Lists refused signals, newest first',
    query: z.strictObject({
      service: z.enum(services).optional(),
      reason: z.enum(quarantineReasons).optional(),
      orderId: field.orderId.optional(),
      state: z.enum(quarantineStates).optional(),
      ...page.query,
    }),
    responses: {
      200: { description: 'A page of the quarantine', body: shown.pageOf('quarantine', entryDocument) },
    },
    handle: async ({ query: { limit, cursor, ...filter } }) => {
      const { entries, nextCursor } = await page.read({ limit, cursor }, (part) =>
        listQuarantine(pools.operator, { ...filter, ...part }),
      );
      return { status: 200, body: { quarantine: entries.map(entryJson), nextCursor } };
    },
  });
