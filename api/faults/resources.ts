import { z } from 'zod';
import {
  listFaultChanges,
  newestFaultChanges,
  recordFaultChange,
  type FaultChange,
} from '../../db/faults/fault-changes.js';
import { noFaults, type FaultSettings } from '../../schemas/faults.js';
import { services, type Service } from '../../schemas/services.js';
import type { ApiDependencies } from '../dependencies.js';
import { isoTime } from '../http/iso-time.js';
import { operation } from '../http/operation.js';
import { operatorHeader } from '../http/operator-header.js';
import { pagingBy } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import type { Resource, ResourceGroup } from '../http/router.js';
import {
  allFaultsDocument,
  faultBodies,
  faultChangesPage,
  faultsDocument,
  type ServiceFaults,
} from './fault-documents.js';

/** Faults on demand. A process obeys them only if it was started with faults allowed. */
export const faultsResources = (deps: ApiDependencies): ResourceGroup => ({
  name: 'Faults on demand',
  description:
    'Makes each service fail on demand. Off, and locked, unless API and workers were started with ALLOW_FAULTS.',
  resources: {
    '/faults': { get: getAllFaults(deps) },
    ...Object.fromEntries(
      services.map((service): [string, Resource] => [
        `/faults/${service}`,
        { get: getFaults(deps, service), put: putFaults(deps, service) },
      ]),
    ),
    '/fault-changes': { get: getFaultChanges(deps) },
  },
});

const getAllFaults = ({ pools, faultsAllowed = false }: ApiDependencies) =>
  operation({
    id: 'listFaults',
    summary: 'Shows the faults of every service',
    responses: { 200: { description: 'The faults of all services', body: allFaultsDocument } },
    handle: async () => {
      const newest = await newestFaultChanges(pools.operator);
      const changes = new Map(newest.map((change) => [change.service, change]));
      const names = new Set([...services, ...changes.keys()]);
      const faults = [...names].map((service) => faultsJson(service, faultsAllowed, changes.get(service)));
      return { status: 200, body: { allowed: faultsAllowed, faults } };
    },
  });

const titleOf = (service: Service): string => `${service.charAt(0).toUpperCase()}${service.slice(1)}`;

const faultsOf = (service: Service) =>
  ({ 200: { description: `The faults of ${titleOf(service)}`, body: faultsDocument } }) as const;

const getFaults = ({ pools, faultsAllowed = false }: ApiDependencies, service: Service) =>
  operation({
    id: `show${titleOf(service)}Faults`,
    summary: `Shows the faults of ${titleOf(service)}`,
    responses: faultsOf(service),
    handle: async () => {
      const [newest] = await listFaultChanges(pools.operator, { service, limit: 1 });
      return { status: 200, body: faultsJson(service, faultsAllowed, newest) };
    },
  });

const putFaults = ({ pools, faultsAllowed = false }: ApiDependencies, service: Service) =>
  operation({
    id: `switch${titleOf(service)}Faults`,
    summary: `Switches the faults of ${titleOf(service)}`,
    description: 'Sets all switches at once. Takes effect with the next step, and survives a restart.',
    headers: z.object({ Operator: operatorHeader }),
    body: faultBodies[service] as unknown as z.ZodType<FaultSettings[Service]>,
    responses: faultsOf(service),
    problems: ['faults-not-allowed'],
    handle: async ({ headers: { Operator: operator }, body: settings }) => {
      if (!faultsAllowed)
        throw new Problem('faults-not-allowed', 'start with npm start -- --faults, or ALLOW_FAULTS=true');
      const change = await recordFaultChange(pools.operator, { service, operator, settings });
      return { status: 200, body: faultsJson(service, faultsAllowed, change) };
    },
  });

const page = pagingBy(z.int(), ({ id }: FaultChange) => id);

const getFaultChanges = ({ pools }: ApiDependencies) =>
  operation({
    id: 'listFaultChanges',
    summary: 'Lists who switched which faults, newest first',
    query: z.strictObject({ service: z.enum(services).optional(), ...page.query }),
    responses: { 200: { description: 'A page of the record', body: faultChangesPage } },
    handle: async ({ query: { service, ...asked } }) => {
      const { entries, nextCursor } = await page.read(asked, (part) =>
        listFaultChanges(pools.operator, { service, ...part }),
      );
      const faultChanges = entries.map(({ at, operator, service, settings }) => ({
        at: isoTime(at),
        operator,
        service,
        settings,
      }));
      return { status: 200, body: { faultChanges, nextCursor } };
    },
  });

/** The settings match the service: the table holds them under the service whose body they were. */
const faultsJson = (service: Service, allowed: boolean, newest: FaultChange | undefined) =>
  ({
    service,
    allowed,
    ...(newest?.settings ?? noFaults[service]),
    changedAt: isoTime(newest?.at ?? null),
    changedBy: newest?.operator ?? null,
  }) as ServiceFaults;
