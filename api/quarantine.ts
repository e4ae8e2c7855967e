import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { listOperatorActions } from '../db/operator/operator-actions.js';
import {
  findQuarantined,
  listQuarantine,
  quarantineStates,
  type QuarantineView,
} from '../db/operator/quarantine-view.js';
import { quarantineReasons } from '../schemas/inspection.js';
import { services } from '../schemas/services.js';
import { cursorOf, toPage } from './cursor.js';
import type { ApiDependencies } from './dependencies.js';
import * as field from './http/fields.js';
import { Problem } from './http/problem.js';
import { resource } from './http/resource.js';
import { readHeader, readParameters } from './http/validate.js';
import { actionJson } from './operator-actions.js';
import { timeJson } from './order-json.js';
import { findClaimed, isCut } from './quarantined-event.js';
import { redrive } from './redrive.js';

/** The operators' face for signals that were refused: to look at them, and to have one delivered after all. */
export function quarantineRouter(deps: ApiDependencies): Router {
  const router = Router();
  resource(router, '/quarantine', { get: list.bind(undefined, deps) });
  resource(router, '/quarantine/:id', { get: show.bind(undefined, deps) });
  resource(router, '/quarantine/:id/redrive', { post: deliver.bind(undefined, deps) });
  return router;
}

const listQuery = z.strictObject({
  service: z.enum(services).optional(),
  reason: z.enum(quarantineReasons).optional(),
  orderId: field.orderId.optional(),
  state: z.enum(quarantineStates).optional(),
  limit: field.limit,
  cursor: cursorOf(z.tuple([z.int()])).optional(),
});

async function list({ pools }: ApiDependencies, request: Request, response: Response): Promise<void> {
  const { cursor, limit, ...filter } = readParameters(request.query, listQuery);
  const found = await listQuarantine(pools.operator, { ...filter, before: cursor?.[0], limit: limit + 1 });
  const { page, nextCursor } = toPage(found, limit, ({ id }) => [id]);
  response.json({ quarantine: page.map(entryJson), nextCursor });
}

const entryPath = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'expected the number of an entry')
    .transform(Number),
});
const MAX_REDRIVES = 100;

async function show({ pools }: ApiDependencies, request: Request, response: Response): Promise<void> {
  const { id } = readParameters(request.params, entryPath);
  const signal = await findQuarantined(pools.operator, id);
  if (!signal) throw new Problem('not-found', `there is no entry ${id} in the quarantine`);
  const claimed = await findClaimed(pools.operator, signal);
  const redrives = await listOperatorActions(pools.operator, { quarantineId: id, limit: MAX_REDRIVES });
  response.json({
    ...entryJson(signal),
    publishedBy: claimed?.publishedBy ?? null,
    body: signal.body,
    bodyIsCut: isCut(signal),
    redrives: redrives.map(actionJson),
  });
}

async function deliver(
  { pools, client }: ApiDependencies,
  request: Request,
  response: Response,
): Promise<void> {
  const operator = readHeader(request, 'Operator', field.operator);
  const { id } = readParameters(request.params, entryPath);
  const { orderId, service } = await redrive({ pool: pools.operator, client }, { id, operator });
  response.status(202).json({ id, orderId, service, operator, outcome: 'DELIVERED' });
}

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
  links: { self: entryHref(entry.id), redrive: redriveHref(entry.id) },
});

const entryHref = (id: number): string => `/quarantine/${id}`;
const redriveHref = (id: number): string => `${entryHref(id)}/redrive`;
