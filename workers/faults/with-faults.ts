import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../platform/logger.js';
import type { Service } from '../../schemas/services.js';
import type { Parts } from '../parts.js';
import { deliverBadly, type Surroundings } from './deliveries.js';
import type { Faults } from './faults.js';

/** Puts a service's faults on demand around its ports. */
export function withFaults(service: Service, parts: Parts, faults: Faults, log: Logger): Parts {
  const readChances = async () => (await faults.settings(service)).deliveries;
  const deliver = deliverBadly(parts.deliver, readChances, surroundingsOf(faults, log, Math.random));
  return { ...parts, faults, deliver };
}

/** What is held back does not hold the process back when that is asked to stop. */
export const surroundingsOf = (faults: Faults, log: Logger, random: () => number): Surroundings => ({
  random,
  sleep: (ms) => sleep(ms, undefined, { ref: false }),
  isOvertaken: faults.isOvertaken,
  say: (what) => log.debug(`fault: ${what}`),
});
