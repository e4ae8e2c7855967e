import type { Engine } from './engine.js';

/** Thrown out of a wait by a run that ends and lets a new one wait in its place; the host takes care of it. */
export class StartAnew extends Error {
  override readonly name = 'StartAnew';
}

/** Whether Temporal finds the history long. Nothing is lost by a new run: the row knows all, deadlines included. */
export const mustStartAnew = (engine: Engine): boolean =>
  engine.isHistoryLong() && engine.isPatched('start anew when the history is long');
