import type { Logger } from './logger.js';

/** Logs once when something goes away and once when it comes back. A first success is not logged. */
export function changesOfState(log: Logger, name: string): (error: unknown) => void {
  let isAway = false;
  return (error) => {
    const fails = error !== undefined;
    if (fails && !isAway) log.warn({ err: error }, `${name} cannot be reached; trying again until it can`);
    if (!fails && isAway) log.info(`${name} is back`);
    isAway = fails;
  };
}
