import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import {
  listFaultChanges,
  newestFaultChanges,
  recordFaultChange,
  type FaultChange,
} from '../db/faults/fault-changes.js';
import { chargeFaults, mailFaults, noFaults, reserveFaults, type FaultSettings } from '../schemas/faults.js';
import { services, type Service } from '../schemas/services.js';
import { cursorOf, toPage } from './cursor.js';
import type { ApiDependencies } from './dependencies.js';
import * as field from './http/fields.js';
import { Problem } from './http/problem.js';
import { resource } from './http/resource.js';
import { readBody, readHeader, readParameters } from './http/validate.js';
import { timeJson } from './order-json.js';

const PROBABILITY = 'expected a probability from 0 to 1';
const probability = z.number(PROBABILITY).min(0, PROBABILITY).max(1, PROBABILITY);
const upTo = (maximum: number, message = `expected a whole number from 0 to ${maximum}`) =>
  z.int(message).min(0, message).max(maximum, message);
const deliveries = z.strictObject({
  duplicate: probability,
  delay: probability,
  reorder: probability,
  maxDelayMs: upTo(10_000),
});
const mail = z.strictObject({ mode: z.enum(mailFaults), refusals: upTo(1_000) });

/** What is sent to switch a service's faults: all of them at once. */
export const faultBodies = {
  order: z.strictObject({ deliveries }),
  payment: z.strictObject({ charge: z.enum(chargeFaults), deliveries }),
  inventory: z.strictObject({ reserve: z.enum(reserveFaults), deliveries }),
  notification: z.strictObject({ mail, deliveries }),
} satisfies { readonly [Name in Service]: z.ZodType<FaultSettings[Name]> };

const lastChange = {
  allowed: z.boolean(),
  changedAt: z.iso.datetime().nullable(),
  changedBy: z.string().nullable(),
};

/** A service's faults, and who switched them last; null while nobody has. */
export const faultsAnswer = z.discriminatedUnion('service', [
  faultBodies.order.extend({ service: z.literal('order'), ...lastChange }),
  faultBodies.payment.extend({ service: z.literal('payment'), ...lastChange }),
  faultBodies.inventory.extend({ service: z.literal('inventory'), ...lastChange }),
  faultBodies.notification.extend({ service: z.literal('notification'), ...lastChange }),
]);
export const allFaultsAnswer = z.strictObject({ allowed: z.boolean(), faults: z.array(faultsAnswer) });
export const faultChangesAnswer = z.strictObject({
  faultChanges: z.array(
    z.strictObject({
      at: z.iso.datetime(),
      operator: z.string(),
      service: z.enum(services),
      settings: z.union(Object.values(faultBodies)),
    }),
  ),
  nextCursor: z.string().nullable(),
});

/**
 * Faults on demand, per service, and the record of who switched what. They are off, and cannot be switched, unless
 * the processes were started with them allowed: the API to switch them, and each worker to heed them.
 */
export function faultsRouter(deps: ApiDependencies): Router {
  const router = Router();
  resource(router, '/faults', { get: showAll.bind(undefined, deps) });
  resource(router, '/faults/:service', {
    get: show.bind(undefined, deps),
    put: change.bind(undefined, deps),
  });
  resource(router, '/fault-changes', { get: listChanges.bind(undefined, deps) });
  return router;
}

async function showAll({ pools, faultsAllowed = false }: ApiDependencies, _: Request, response: Response) {
  const changes = await newestFaultChanges(pools.operator);
  const newest = new Map(changes.map((one) => [one.service, one]));
  const faults = services.map((service) => faultsJson(service, faultsAllowed, newest.get(service)));
  response.json({ allowed: faultsAllowed, faults });
}

async function show({ pools, faultsAllowed = false }: ApiDependencies, request: Request, response: Response) {
  const service = knownService(request);
  const [newest] = await listFaultChanges(pools.operator, { service, limit: 1 });
  response.json(faultsJson(service, faultsAllowed, newest));
}

async function change(
  { pools, faultsAllowed = false }: ApiDependencies,
  request: Request,
  response: Response,
) {
  const service = knownService(request);
  if (!faultsAllowed)
    throw new Problem('faults-not-allowed', 'start with npm start -- --faults, or ALLOW_FAULTS=true');
  const operator = readHeader(request, 'Operator', field.operator);
  const settings = readBody(request, faultBodies[service]);
  const changed = await recordFaultChange(pools.operator, { service, operator, settings });
  response.json(faultsJson(service, faultsAllowed, changed));
}

const changesQuery = z.strictObject({
  service: z.enum(services).optional(),
  limit: field.limit,
  cursor: cursorOf(z.tuple([z.int()])).optional(),
});

async function listChanges({ pools }: ApiDependencies, request: Request, response: Response) {
  const { cursor, limit, service } = readParameters(request.query, changesQuery);
  const found = await listFaultChanges(pools.operator, { service, before: cursor?.[0], limit: limit + 1 });
  const { page, nextCursor } = toPage(found, limit, ({ id }) => [id]);
  const faultChanges = page.map((one) => ({
    at: timeJson(one.at),
    operator: one.operator,
    service: one.service,
    settings: one.settings,
  }));
  response.json({ faultChanges, nextCursor });
}

function knownService(request: Request): Service {
  const service = services.find((name) => name === request.params['service']);
  if (service === undefined) throw new Problem('not-found', `the services are ${services.join(', ')}`);
  return service;
}

const faultsJson = (service: Service, allowed: boolean, newest?: FaultChange) => ({
  service,
  allowed,
  ...(newest?.settings ?? noFaults[service]),
  changedAt: timeJson(newest?.at ?? null),
  changedBy: newest?.operator ?? null,
});
