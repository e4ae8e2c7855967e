import type { Fate } from '../../db/notification/notification-row.js';

/** What the rules have to remember of an order, since no row says it. */
export class OrderRecord {
  /** Effects that are tried once, and that a run was told had failed: `service effect`. */
  readonly failedTries = new Set<string>();
  /** The deadlines that rows have named so far, in ms since 1970, by service. */
  readonly dues = new Map<string, Set<number>>();
  /** What became of each mail that was handed over, by round and number. */
  readonly mailFates = new Map<string, Fate>();
  /** When the last attempt to tell the customer began, in ms since 1970. */
  attemptBegunAt = -Infinity;
  /** How many executions of the effect that sends have begun in each round. */
  readonly sends = new Map<number, number>();
  /** Deliveries that were tried, by service and event. */
  readonly tried = new Set<string>();
}
