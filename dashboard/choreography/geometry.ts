import type { Service } from '../../schemas/services.js';
import type { EventMark } from '../story/marks.js';

/** Where the lanes are, in a diagram of some width in pixels. */
export interface Geometry {
  readonly width: number;
  /** The space for the times, left of the lanes. */
  readonly gutter: number;
  readonly isNarrow: boolean;
  readonly lanes: readonly Service[];
  /** The middle of a service's lane. */
  readonly xOf: (service: Service) => number;
}

const NARROW = 560;

export function geometryOf(width: number, lanes: readonly Service[]): Geometry {
  const isNarrow = width < NARROW;
  const gutter = isNarrow ? 50 : 76;
  const lane = (width - gutter) / lanes.length;
  const xOf = (service: Service) => gutter + lane * (Math.max(0, lanes.indexOf(service)) + 0.5);
  return { width, gutter, isNarrow, lanes, xOf };
}

/** An arrow's line: from its publisher to the farthest subscriber on one side, with a head at each on the way. */
export interface Branch {
  readonly from: number;
  readonly to: number;
  readonly heads: readonly number[];
}

export function branchesOf({ event }: EventMark, { xOf }: Geometry): readonly Branch[] {
  const from = xOf(event.publisher);
  const ends = event.subscribers.map(xOf);
  const sides = [ends.filter((end) => end < from), ends.filter((end) => end > from)];
  return sides
    .filter((heads) => heads.length > 0)
    .map((heads) => ({ from, to: farthest(from, heads), heads }));
}

const farthest = (from: number, ends: readonly number[]): number =>
  ends.reduce((far, end) => (Math.abs(end - from) > Math.abs(far - from) ? end : far));

/** Where a text starts, or ends if there is more room on its left. */
export interface TextPlace {
  readonly x: number;
  readonly 'text-anchor': 'start' | 'end';
}

/** Beside a lane, at a distance from its middle. */
export const beside = (service: Service, distance: number, { xOf, width, gutter }: Geometry): TextPlace =>
  xOf(service) > (gutter + width) / 2 + 1
    ? { x: xOf(service) - distance, 'text-anchor': 'end' }
    : { x: xOf(service) + distance, 'text-anchor': 'start' };

/** Above an event's arrow: starts at its left end, or ends at its right end if the arrow is in the right half. */
export function above({ event }: EventMark, { xOf, width, gutter }: Geometry): TextPlace {
  const ends = [event.publisher, ...event.subscribers].map(xOf);
  const [left, right] = [Math.min(...ends), Math.max(...ends)];
  return left > (gutter + width) / 2
    ? { x: right - 12, 'text-anchor': 'end' }
    : { x: left + 12, 'text-anchor': 'start' };
}
