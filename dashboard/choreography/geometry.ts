import { services, type Service } from '../../schemas/services.js';
import type { Mark } from '../story/marks.js';

/** Where the lanes are, for a diagram of some width in pixels. */
export interface Geometry {
  readonly width: number;
  /** The times stand left of the lanes. */
  readonly gutter: number;
  readonly isNarrow: boolean;
  readonly x: Readonly<Record<Service, number>>;
}

const NARROW = 560;

export function geometryOf(width: number): Geometry {
  const isNarrow = width < NARROW;
  const gutter = isNarrow ? 50 : 76;
  const lane = (width - gutter) / services.length;
  const at = (index: number) => gutter + lane * (index + 0.5);
  return {
    width,
    gutter,
    isNarrow,
    x: { order: at(0), payment: at(1), inventory: at(2), notification: at(3) },
  };
}

/** An arrow's line: from its publisher to the farthest subscriber on a side, with a head at each on the way. */
export interface Branch {
  readonly from: number;
  readonly to: number;
  readonly heads: readonly number[];
}

export function branchesOf({ event }: Mark & { kind: 'event' }, { x }: Geometry): readonly Branch[] {
  const from = x[event.publisher];
  const ends = event.subscribers.map((service) => x[service]);
  const sides = [ends.filter((end) => end < from), ends.filter((end) => end > from)];
  return sides
    .filter((heads) => heads.length > 0)
    .map((heads) => ({ from, to: farthest(from, heads), heads }));
}

const farthest = (from: number, ends: readonly number[]): number =>
  ends.reduce((far, end) => (Math.abs(end - from) > Math.abs(far - from) ? end : far));

/** The left end of all that an event's arrow covers: its label begins there. */
export const leftOf = ({ event }: Mark & { kind: 'event' }, { x }: Geometry): number =>
  Math.min(x[event.publisher], ...event.subscribers.map((service) => x[service]));
