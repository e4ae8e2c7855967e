import type { OrderId } from '../schemas/ids.js';
import type { Placement } from '../schemas/placement.js';
import type { Servers } from './servers/servers.js';

/** An order of the benchmark; the id is its own to choose, but through the API. */
export interface NewOrder extends Placement {
  readonly orderId: OrderId;
}

/** A program that works for a contender, and in which group it is counted. */
export interface Program {
  readonly name: string;
  readonly group: 'workers' | 'API' | 'server';
  /** The file, and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Asked again and again, with all that the program has printed. */
  readonly isReady: (output: string) => boolean | Promise<boolean>;
}

/** One way to take orders to their end, on the same servers and tables as all others. */
export interface Contender {
  readonly name: string;
  /** What it is, in a few words. */
  readonly title: string;
  readonly usesTemporal: boolean;
  readonly programs: (servers: Servers) => readonly Program[];
  /** Runs before its programs start; returns what undoes it. */
  readonly prepare?: (servers: Servers) => Promise<() => Promise<void>>;
  /** Runs once its programs are ready. */
  readonly introduce?: (servers: Servers) => Promise<void>;
  /** Begins an order, and resolves with its id once it is accepted. */
  readonly place: (servers: Servers, order: NewOrder) => Promise<OrderId>;
  /** The workflows that a completed order has had. */
  readonly workflowIdsOf: (orderId: OrderId) => readonly string[];
}
