import { z } from 'zod';
import {
  chargeFaults,
  mailFaults,
  reserveFaults,
  type FaultSettings,
  type StepFaultsOf,
} from '../../schemas/faults.js';
import { limits, type Limit } from '../../schemas/limits.js';
import { services, type Service } from '../../schemas/services.js';
import * as shown from '../http/response-fields.js';

const PROBABILITY = 'expected a probability from 0 to 1';
const probability = z.number(PROBABILITY).min(0, PROBABILITY).max(1, PROBABILITY);
const within = ({ min, max }: Limit, message = `expected a whole number from ${min} to ${max}`) =>
  z.int(message).min(min, message).max(max, message);
const deliveries = z
  .strictObject({
    duplicate: probability,
    delay: probability,
    reorder: probability,
    maxDelayMs: within(limits.faultDelay),
  })
  .meta({ id: 'DeliveryFaults' });
const mail = z.strictObject({ mode: z.enum(mailFaults), refusals: within(limits.faultRefusals) });

const steps: Readonly<Partial<Record<Service, z.ZodRawShape>>> = {
  payment: { charge: z.enum(chargeFaults) },
  inventory: { reserve: z.enum(reserveFaults) },
  notification: { mail },
} satisfies {
  readonly [Name in Service]?: {
    readonly [Step in keyof StepFaultsOf<Name>]: z.ZodType<StepFaultsOf<Name>[Step]>;
  };
};

/** The body that switches a service's faults: all of them at once. */
export const faultBodies = Object.fromEntries(
  services.map((service) => [service, z.strictObject({ ...steps[service], deliveries })]),
) as unknown as Readonly<Record<Service, z.ZodObject>>;

const lastChange = {
  allowed: z.boolean().meta({ description: 'whether the API was started with faults allowed' }),
  changedAt: shown.time.nullable().meta({ description: 'null until somebody switches it' }),
  changedBy: z.string().nullable(),
};

/** A service's faults, and who switched them last. */
export type ServiceFaults = {
  [Name in Service]: FaultSettings[Name] & {
    readonly service: Name;
    readonly allowed: boolean;
    readonly changedAt: string | null;
    readonly changedBy: string | null;
  };
}[Service];

const knownFaults = services.map((service) =>
  z.strictObject({ ...faultBodies[service].shape, service: z.literal(service), ...lastChange }),
);

/** A service or a switch that only a newer release knows; shown as it is. */
const newerFaults = z.looseObject({ service: z.string(), ...lastChange });
const newerSettings = z.looseObject({});

export const faultsDocument = z.union([...knownFaults, newerFaults]) as unknown as z.ZodType<
  ServiceFaults,
  ServiceFaults
>;
export const allFaultsDocument = z.strictObject({ allowed: z.boolean(), faults: z.array(faultsDocument) });

type Settings = FaultSettings[Service];

const faultChange = z.strictObject({
  at: shown.time,
  operator: shown.operator,
  service: shown.openEnum(services),
  settings: z.union([...Object.values(faultBodies), newerSettings]) as unknown as z.ZodType<
    Settings,
    Settings
  >,
});
export const faultChangesPage = shown.pageOf('faultChanges', faultChange);
