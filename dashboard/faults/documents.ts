import type { Service } from '../../schemas/services.js';

/** The chance, from 0 to 1, that a delivery goes wrong in one of three ways. */
export interface Deliveries {
  readonly duplicate: number;
  readonly delay: number;
  readonly reorder: number;
  readonly maxDelayMs: number;
}

export type Mode = 'NORMAL' | 'DECLINE' | 'ERROR' | 'HANG' | 'DOWN' | 'REFUSE';

/** A service's switches. `charge` is Payment's, `reserve` Inventory's, `mail` Notification's. */
export interface Faults {
  readonly charge?: Mode;
  readonly reserve?: Mode;
  readonly mail?: { readonly mode: Mode; readonly refusals: number };
  readonly deliveries: Deliveries;
}

export interface ServiceFaults extends Faults {
  readonly service: Service;
  readonly allowed: boolean;
  readonly changedAt: string | null;
  readonly changedBy: string | null;
}

/** Which modes each service's own switch has; Order has none. */
export const modesOf: Readonly<Record<Service, readonly Mode[]>> = {
  order: [],
  payment: ['NORMAL', 'DECLINE', 'ERROR', 'HANG'],
  inventory: ['NORMAL', 'ERROR', 'HANG'],
  notification: ['NORMAL', 'DOWN', 'REFUSE'],
};

export const modeOf = ({ charge, reserve, mail }: Faults): Mode =>
  charge ?? reserve ?? mail?.mode ?? 'NORMAL';

/** The same switches with the service's own one in another position. */
export function withMode(faults: Faults, mode: Mode): Faults {
  const { charge, reserve, mail, deliveries } = faults;
  if (charge !== undefined) return { charge: mode, deliveries };
  if (reserve !== undefined) return { reserve: mode, deliveries };
  if (!mail) return { deliveries };
  return { mail: { mode, refusals: mode === 'REFUSE' ? Math.max(1, mail.refusals) : 0 }, deliveries };
}

/** The switches alone, as they are sent. */
export function switchesOf({ charge, reserve, mail, deliveries }: Faults): Faults {
  return {
    ...(charge === undefined ? {} : { charge }),
    ...(reserve === undefined ? {} : { reserve }),
    ...(mail === undefined ? {} : { mail }),
    deliveries,
  };
}

export const noFaults = (faults: Faults): Faults => ({
  ...withMode(faults, 'NORMAL'),
  deliveries: { duplicate: 0, delay: 0, reorder: 0, maxDelayMs: 0 },
});

export const isQuiet = (faults: Faults): boolean =>
  modeOf(faults) === 'NORMAL' &&
  faults.deliveries.duplicate === 0 &&
  faults.deliveries.delay === 0 &&
  faults.deliveries.reorder === 0;
