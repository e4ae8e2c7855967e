import type { Axis } from '../story/axis.js';
import type { Wait } from '../story/waits.js';
import { formatCountdown } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import type { Geometry } from './geometry.js';

interface Props {
  readonly wait: Wait;
  readonly axis: Axis;
  readonly geometry: Geometry;
  readonly now: number;
  /** The lower edge of the diagram: a deadline beyond it is not shown. */
  readonly edge: number;
}

const WIDTH = 6;

/**
 * A wait: a tube beside the lane, from where it began down to its deadline. It fills as time runs, and is cut off
 * where an answer came.
 */
export function WaitBar({ wait, axis, geometry, now, edge }: Props) {
  const { choreography, waits } = useTexts();
  const x = geometry.x[wait.lane] + offsetOf(wait) - WIDTH / 2;
  const top = axis.rowAt(wait.begunAt);
  const filledTo = axis.rowAt(Math.min(now, wait.endedAt ?? now));
  const due = wait.end === 'open' && wait.dueAt !== null ? axis.rowAt(wait.dueAt) : filledTo;
  const bottom = Math.min(Math.max(filledTo, due), edge);
  const end = wait.end === 'ran out' ? 'has-run-out' : `is-${wait.end}`;
  // The last lane has no room on its right.
  const isLast = wait.lane === 'notification';
  return (
    <g class={`wait of-${wait.lane} ${end}`} data-wait={wait.name}>
      <rect
        class="wait-tube"
        x={x}
        y={top}
        width={WIDTH}
        height={Math.max(WIDTH, bottom - top)}
        rx={WIDTH / 2}
      />
      <rect
        class="wait-fill"
        x={x}
        y={top}
        width={WIDTH}
        height={Math.max(WIDTH, filledTo - top)}
        rx={WIDTH / 2}
      />
      {wait.end === 'open' && wait.dueAt !== null && due < edge && (
        <text
          class="wait-due"
          x={geometry.x[wait.lane] + (isLast ? -14 : 14)}
          y={bottom + 4}
          text-anchor={isLast ? 'end' : 'start'}
        >
          {choreography.deadline(waits[wait.name])} {formatCountdown(wait.dueAt - now)}
        </text>
      )}
    </g>
  );
}

const offsets: Readonly<Record<Wait['name'], number>> = {
  payment: -16,
  saga: -26,
  reservation: -16,
  'next attempt': 16,
};

const offsetOf = ({ name }: Wait): number => offsets[name];
