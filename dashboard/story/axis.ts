import type { Mark } from './marks.js';

/**
 * Time, running downwards. Every mark has its own row, and gaps grow with the logarithm of the time between two marks:
 * a saga of one second and a wait of five minutes both fit on the page.
 */
export interface Axis {
  /** The row of each mark in pixels from the top, in the order of the marks. */
  readonly rows: readonly number[];
  readonly bottom: number;
  rowAt(time: number): number;
  timeAt(row: number): number;
}

interface Point {
  readonly time: number;
  readonly row: number;
}

const TOP = 26;

export function axisOf(marks: readonly Mark[], startedAt: number): Axis {
  const points: Point[] = [{ time: startedAt, row: 0 }];
  const rows = marks.map((mark, index) => {
    const before = points.at(-1) ?? { time: startedAt, row: 0 };
    const time = Math.max(mark.at, before.time);
    const row =
      index === 0 ? TOP : before.row + roomBetween(marks[index - 1], mark) + gap(time - before.time);
    points.push({ time, row });
    return row;
  });
  const last = points.at(-1) ?? { time: startedAt, row: 0 };
  return {
    rows,
    bottom: last.row,
    rowAt: (time) => between(points, time, 'time', 'row') ?? last.row + gap(time - last.time),
    timeAt: (row) => between(points, row, 'row', 'time') ?? last.time + duration(row - last.row),
  };
}

/** An arrow with its label needs more space than a note on a lane. */
const roomBetween = (above: Mark | undefined, below: Mark): number =>
  (above?.kind === 'event' ? 30 : 16) + (below.kind === 'event' ? 20 : 12);

const SCALE = 13;
const UNIT_MS = 400;

const gap = (ms: number): number => SCALE * Math.log2(1 + Math.max(0, ms) / UNIT_MS);

const duration = (room: number): number => UNIT_MS * (2 ** (Math.max(0, room) / SCALE) - 1);

/** Interpolates between the two points around a value; undefined beyond the last one. */
function between(
  points: readonly Point[],
  value: number,
  from: keyof Point,
  to: keyof Point,
): number | undefined {
  const next = points.findIndex((point) => point[from] >= value);
  const [before, after] = [points[next - 1], points[next]];
  if (!after) return undefined;
  if (!before || after[from] === before[from]) return after[to];
  const share = (value - before[from]) / (after[from] - before[from]);
  return before[to] + share * (after[to] - before[to]);
}
