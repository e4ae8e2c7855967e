import { z } from 'zod';
import { listOperatorActions } from '../../db/operator/operator-actions.js';
import {
  findQuarantined,
  listQuarantine,
  quarantineStates,
  type QuarantineView,
} from '../../db/operator/quarantine-view.js';
import { quarantineReasons } from '../../schemas/inspection.js';
import { services } from '../../schemas/services.js';
import * as shown from '../http/response-fields.js';
import { cursorOf, toPage } from '../http/paging.js';
import type { ApiDependencies } from '../dependencies.js';
import { dismiss } from './dismiss.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { Problem } from '../http/problem.js';
import { actionJson, operatorAction } from '../operators/operator-actions.js';
import { timeJson } from '../order/order-document.js';
import { findClaimed, isCut } from './inspect-again.js';
import { redrive } from './redrive.js';

const entry = z
  .strictObject({
    id: z.int(),
    state: z.enum(quarantineStates),
    service: z.enum(services).meta({ description: 'whose participant refused it' }),
    orderId: shown.uuid,
    workflowId: z.string(),
    runId: z.string(),
    signalName: z.string(),
    reason: z.enum(quarantineReasons),
    detail: z.string(),
    seen: z.int().min(1),
    firstSeenAt: shown.time,
    lastSeenAt: shown.time,
    links: z.strictObject({ self: z.string(), redrive: z.string(), dismissal: z.string() }),
  })
  .meta({ id: 'QuarantineEntry' });

const path = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'expected the number of an entry')
    .meta({ examples: ['1'] })
    .transform(Number),
});

export const listEntries = ({ pools }: ApiDependencies) =>
  operation({
    id: 'listQuarantine',
    summary: 'Lists signals that a participant refused, newest first',
    query: z.strictObject({
      service: z.enum(services).optional(),
      reason: z.enum(quarantineReasons).optional(),
      orderId: field.orderId.optional(),
      state: z.enum(quarantineStates).optional(),
      limit: field.limit,
      cursor: cursorOf(z.tuple([z.int()])).optional(),
    }),
    answers: { 200: { description: 'A page of the quarantine', body: shown.pageOf('quarantine', entry) } },
    handle: async ({ query: { cursor, limit, ...filter } }) => {
      const before = cursor?.[0];
      const found = await listQuarantine(pools.operator, { ...filter, before, limit: limit + 1 });
      const { page, nextCursor } = toPage(found, limit, ({ id }) => [id]);
      return { status: 200, body: { quarantine: page.map(entryJson), nextCursor } };
    },
  });

const MAX_REDRIVES = 100;

export const showEntry = ({ pools }: ApiDependencies) =>
  operation({
    id: 'showQuarantineEntry',
    summary: 'Shows a refused signal: its body, and who published an event of its id',
    path,
    answers: {
      200: {
        description: 'The entry',
        body: entry
          .extend({
            publishedBy: z
              .string()
              .nullable()
              .meta({
                description:
                  'The database role that wrote the journal’s event of the id in the body; null where there is none, ' +
                  'as for most junk. Who sent the signal a workflow is not told; what they call themselves is the ' +
                  '`identity` of the event WorkflowExecutionSignaled in the history of `runId`.',
              }),
            body: z.string().meta({ description: 'as it came, or its first 16,384 characters' }),
            bodyIsCut: z.boolean(),
            redrives: z.array(operatorAction),
          })
          .meta({ id: 'QuarantinedSignal' }),
      },
    },
    problems: ['not-found'],
    handle: async ({ path: { id } }) => {
      const signal = await findQuarantined(pools.operator, id);
      if (!signal) throw new Problem('not-found', `there is no entry ${id} in the quarantine`);
      const claimed = await findClaimed(pools.operator, signal);
      const redrives = await listOperatorActions(pools.operator, { quarantineId: id, limit: MAX_REDRIVES });
      const shown = {
        ...entryJson(signal),
        publishedBy: claimed?.publishedBy ?? null,
        body: signal.body,
        bodyIsCut: isCut(signal),
        redrives: redrives.map(actionJson),
      };
      return { status: 200, body: shown };
    },
  });

export const redriveEntry = ({ pools, client }: ApiDependencies) =>
  operation({
    id: 'redrive',
    summary: 'Checks a refused signal again, and delivers it',
    path,
    headers: z.object({ Operator: field.operator }),
    answers: {
      202: {
        description: 'It is delivered',
        body: z.strictObject({
          id: z.int(),
          orderId: shown.uuid,
          service: z.enum(services),
          operator: z.string(),
          outcome: z.literal('DELIVERED'),
        }),
      },
    },
    problems: ['not-found', 'quarantine-entry-not-waiting', 'event-still-invalid'],
    handle: async ({ path: { id }, headers: { Operator: operator } }) => {
      const { orderId, service } = await redrive({ pool: pools.operator, client }, { id, operator });
      return { status: 202, body: { id, orderId, service, operator, outcome: 'DELIVERED' as const } };
    },
  });

export const dismissEntry = ({ pools }: ApiDependencies) =>
  operation({
    id: 'dismiss',
    summary: 'Dismisses a refused signal that nothing has to be done about',
    path,
    headers: z.object({ Operator: field.operator }),
    answers: {
      200: {
        description: 'It asks for nobody’s attention any more',
        body: z.strictObject({
          id: z.int(),
          orderId: shown.uuid,
          service: z.enum(services),
          operator: z.string(),
          outcome: z.literal('DISMISSED'),
        }),
      },
    },
    problems: ['not-found', 'quarantine-entry-not-waiting'],
    handle: async ({ path: { id }, headers: { Operator: operator } }) => {
      const { orderId, service } = await dismiss(pools.operator, id, operator);
      return { status: 200, body: { id, orderId, service, operator, outcome: 'DISMISSED' as const } };
    },
  });

const entryJson = (entry: QuarantineView) => ({
  id: entry.id,
  state: entry.state,
  service: entry.service,
  orderId: entry.orderId,
  workflowId: entry.workflowId,
  runId: entry.runId,
  signalName: entry.signalName,
  reason: entry.reason,
  detail: entry.detail,
  seen: entry.seen,
  firstSeenAt: timeJson(entry.firstSeenAt),
  lastSeenAt: timeJson(entry.lastSeenAt),
  links: { self: entryHref(entry.id), redrive: redriveHref(entry.id), dismissal: dismissalHref(entry.id) },
});

const entryHref = (id: number): string => `/quarantine/${id}`;
const dismissalHref = (id: number): string => `${entryHref(id)}/dismissal`;
const redriveHref = (id: number): string => `${entryHref(id)}/redrive`;
