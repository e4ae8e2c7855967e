import { z } from 'zod';
import {
  listFaultChanges,
  newestFaultChanges,
  recordFaultChange,
  type FaultChange,
} from '../../db/faults/fault-changes.js';
import {
  chargeFaults,
  mailFaults,
  noFaults,
  reserveFaults,
  type FaultSettings,
} from '../../schemas/faults.js';
import { services, type Service } from '../../schemas/services.js';
import * as shown from '../http/response-fields.js';
import { cursorOf, toPage } from '../http/paging.js';
import type { ApiDependencies } from '../dependencies.js';
import type { Face, Resource } from '../http/router.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { Problem } from '../http/problem.js';
import { timeJson } from '../order/order-document.js';

/** Faults on demand, which a process heeds only where it was started with them allowed. */
export const faultsFace = (deps: ApiDependencies): Face => ({
  name: 'Faults on demand',
  description:
    'What shall go wrong, service by service. Off, and not to be switched, unless API and workers were started with ALLOW_FAULTS.',
  resources: {
    '/faults': { get: showAll(deps) },
    '/faults/order': switchesOf(deps, 'order'),
    '/faults/payment': switchesOf(deps, 'payment'),
    '/faults/inventory': switchesOf(deps, 'inventory'),
    '/faults/notification': switchesOf(deps, 'notification'),
    '/fault-changes': { get: listChanges(deps) },
  },
});

const PROBABILITY = 'expected a probability from 0 to 1';
const probability = z.number(PROBABILITY).min(0, PROBABILITY).max(1, PROBABILITY);
const upTo = (maximum: number, message = `expected a whole number from 0 to ${maximum}`) =>
  z.int(message).min(0, message).max(maximum, message);
const deliveries = z
  .strictObject({
    duplicate: probability,
    delay: probability,
    reorder: probability,
    maxDelayMs: upTo(10_000),
  })
  .meta({ id: 'DeliveryFaults' });
const mail = z.strictObject({ mode: z.enum(mailFaults), refusals: upTo(1_000) });

/** What is sent to switch a service's faults: all of them at once. */
const faultBodies = {
  order: z.strictObject({ deliveries }),
  payment: z.strictObject({ charge: z.enum(chargeFaults), deliveries }),
  inventory: z.strictObject({ reserve: z.enum(reserveFaults), deliveries }),
  notification: z.strictObject({ mail, deliveries }),
} satisfies { readonly [Name in Service]: z.ZodType<FaultSettings[Name]> };

const lastChange = {
  allowed: z.boolean().meta({ description: 'whether the API was started with faults allowed' }),
  changedAt: shown.time.nullable().meta({ description: 'null while nobody has switched it' }),
  changedBy: z.string().nullable(),
};

/** A service's faults, and who switched them last. */
export const faultsAnswer = z.discriminatedUnion('service', [
  faultBodies.order.extend({ service: z.literal('order'), ...lastChange }),
  faultBodies.payment.extend({ service: z.literal('payment'), ...lastChange }),
  faultBodies.inventory.extend({ service: z.literal('inventory'), ...lastChange }),
  faultBodies.notification.extend({ service: z.literal('notification'), ...lastChange }),
]);
export const allFaultsAnswer = z.strictObject({ allowed: z.boolean(), faults: z.array(faultsAnswer) });
const faultChange = z.strictObject({
  at: shown.time,
  operator: z.string().meta({ description: 'as they named themselves' }),
  service: z.enum(services),
  settings: z.union(Object.values(faultBodies)),
});
export const faultChangesAnswer = shown.pageOf('faultChanges', faultChange);

const showAll = ({ pools, faultsAllowed = false }: ApiDependencies) =>
  operation({
    id: 'listFaults',
    summary: 'Shows what shall go wrong in every service',
    answers: { 200: { description: 'The faults of all services', body: allFaultsAnswer } },
    handle: async () => {
      const changes = await newestFaultChanges(pools.operator);
      const newest = new Map(changes.map((one) => [one.service, one]));
      const faults = services.map((service) => faultsJson(service, faultsAllowed, newest.get(service)));
      return { status: 200, body: { allowed: faultsAllowed, faults } };
    },
  });

function switchesOf({ pools, faultsAllowed = false }: ApiDependencies, service: Service): Resource {
  const name = `${service.charAt(0).toUpperCase()}${service.slice(1)}`;
  const answers = { 200: { description: `The faults of ${name}`, body: faultsAnswer } };
  return {
    get: operation({
      id: `show${name}Faults`,
      summary: `Shows what shall go wrong in ${name}`,
      answers,
      handle: async () => {
        const [newest] = await listFaultChanges(pools.operator, { service, limit: 1 });
        return { status: 200, body: faultsJson(service, faultsAllowed, newest) };
      },
    }),
    put: operation({
      id: `switch${name}Faults`,
      summary: `Switches what shall go wrong in ${name}`,
      description: 'All switches at once. It takes effect with the next step, and outlasts a restart.',
      headers: z.object({ Operator: field.operator }),
      body: faultBodies[service] as z.ZodType<FaultSettings[Service]>,
      answers,
      problems: ['faults-not-allowed'],
      handle: async ({ headers, body: settings }) => {
        if (!faultsAllowed)
          throw new Problem('faults-not-allowed', 'start with npm start -- --faults, or ALLOW_FAULTS=true');
        const change = { service, operator: headers.Operator, settings };
        return {
          status: 200,
          body: faultsJson(service, faultsAllowed, await recordFaultChange(pools.operator, change)),
        };
      },
    }),
  };
}

const listChanges = ({ pools }: ApiDependencies) =>
  operation({
    id: 'listFaultChanges',
    summary: 'Lists who has switched which faults, newest first',
    query: z.strictObject({
      service: z.enum(services).optional(),
      limit: field.limit,
      cursor: cursorOf(z.tuple([z.int()])).optional(),
    }),
    answers: { 200: { description: 'A page of the record', body: faultChangesAnswer } },
    handle: async ({ query: { cursor, limit, service } }) => {
      const found = await listFaultChanges(pools.operator, {
        service,
        before: cursor?.[0],
        limit: limit + 1,
      });
      const { page, nextCursor } = toPage(found, limit, ({ id }) => [id]);
      const faultChanges = page.map(({ at, operator, service, settings }) => ({
        at: timeJson(at),
        operator,
        service,
        settings,
      }));
      return { status: 200, body: { faultChanges, nextCursor } };
    },
  });

/** The settings go with the service: the table has them from a body of that very service. */
const faultsJson = (service: Service, allowed: boolean, newest?: FaultChange) =>
  ({
    service,
    allowed,
    ...(newest?.settings ?? noFaults[service]),
    changedAt: timeJson(newest?.at ?? null),
    changedBy: newest?.operator ?? null,
  }) as z.input<typeof faultsAnswer>;
