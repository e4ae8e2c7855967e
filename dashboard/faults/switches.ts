import { chargeFaults, mailFaults, reserveFaults } from '../../schemas/faults.js';
import type { DeliveryFaults, ServiceFaults } from '../api/documents.js';

/** The modes of the switches that some services have besides their deliveries. */
export const modesOf = { charge: chargeFaults, reserve: reserveFaults, mail: mailFaults } as const;

export type SwitchName = keyof typeof modesOf;
export type Mode = (typeof modesOf)[SwitchName][number];

/** A service's switches. It has at most one of `charge`, `reserve` and `mail`. */
export interface Faults {
  readonly charge?: Mode;
  readonly reserve?: Mode;
  readonly mail?: { readonly mode: Mode; readonly refusals: number };
  readonly deliveries: DeliveryFaults;
}

/** The name of the service's switch; undefined if it only has deliveries. */
export const switchIn = (faults: Faults): SwitchName | undefined =>
  (Object.keys(modesOf) as SwitchName[]).find((name) => faults[name] !== undefined);

export const modeOf = ({ charge, reserve, mail }: Faults): Mode =>
  charge ?? reserve ?? mail?.mode ?? 'NORMAL';

/** The same switches in another mode. */
export function withMode<Given extends Faults>(faults: Given, mode: Mode): Given {
  const { charge, reserve, mail } = faults;
  if (charge !== undefined) return { ...faults, charge: mode };
  if (reserve !== undefined) return { ...faults, reserve: mode };
  if (mail === undefined) return faults;
  return { ...faults, mail: { mode, refusals: mode === 'REFUSE' ? Math.max(1, mail.refusals) : 0 } };
}

const aboutThem: ReadonlySet<string> = new Set(['service', 'allowed', 'changedAt', 'changedBy']);

/** All switches of a service as the API takes them, without what it says about them. */
export const switchesOf = (faults: ServiceFaults): Faults =>
  Object.fromEntries(Object.entries(faults).filter(([name]) => !aboutThem.has(name))) as unknown as Faults;

export const noFaults = (faults: Faults): Faults => ({
  ...withMode(faults, 'NORMAL'),
  deliveries: { duplicate: 0, delay: 0, reorder: 0, maxDelayMs: 0 },
});

export const isNormal = (faults: Faults): boolean =>
  modeOf(faults) === 'NORMAL' &&
  faults.deliveries.duplicate === 0 &&
  faults.deliveries.delay === 0 &&
  faults.deliveries.reorder === 0;
