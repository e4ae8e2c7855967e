import { services, type Service } from './services.js';

/**
 * How a step can fail on demand. DECLINE: as if the wallet held too little. ERROR: it throws, and is rolled back.
 * HANG: it holds its transaction until everybody has stopped waiting for it.
 */
export const chargeFaults = ['NORMAL', 'DECLINE', 'ERROR', 'HANG'] as const;
export type ChargeFault = (typeof chargeFaults)[number];

export const reserveFaults = ['NORMAL', 'ERROR', 'HANG'] as const;
export type ReserveFault = (typeof reserveFaults)[number];

/** DOWN: the mail server refuses connections. REFUSE: it refuses the first attempts of each order. */
export const mailFaults = ['NORMAL', 'DOWN', 'REFUSE'] as const;

export interface MailFaults {
  readonly mode: (typeof mailFaults)[number];
  /** So many attempts of each order are refused in the mode REFUSE. */
  readonly refusals: number;
}

/** The chance, from 0 to 1, that an event which the service publishes goes to a subscriber in this way. */
export interface DeliveryFaults {
  /** Twice, the second time up to `maxDelayMs` later. */
  readonly duplicate: number;
  /** Up to `maxDelayMs` late. */
  readonly delay: number;
  /** After a later event of the same order, where one comes within `maxDelayMs`. */
  readonly reorder: number;
  readonly maxDelayMs: number;
}

/** The steps that can be made to fail; a service without one has its deliveries alone. */
interface StepFaults {
  readonly payment: { readonly charge: ChargeFault };
  readonly inventory: { readonly reserve: ReserveFault };
  readonly notification: { readonly mail: MailFaults };
}

/** What a service's own step can be made to do; nothing for a service that is not in `StepFaults`. */
export type StepFaultsOf<Name extends Service> = Name extends keyof StepFaults ? StepFaults[Name] : unknown;

/** What can be made to go wrong on demand, service by service. */
export type FaultSettings = {
  readonly [Name in Service]: StepFaultsOf<Name> & { readonly deliveries: DeliveryFaults };
};

const noStepFaults: StepFaults = {
  payment: { charge: 'NORMAL' },
  inventory: { reserve: 'NORMAL' },
  notification: { mail: { mode: 'NORMAL', refusals: 0 } },
};

const deliveries: DeliveryFaults = { duplicate: 0, delay: 0, reorder: 0, maxDelayMs: 0 };

/** All switches off: what holds until somebody changes them. */
export const noFaults = Object.fromEntries(
  services.map((service) => [
    service,
    { ...(noStepFaults as Partial<Record<Service, object>>)[service], deliveries },
  ]),
) as unknown as FaultSettings;
