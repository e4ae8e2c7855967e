import { inColourOf } from '../parts/service-look.js';
import type { Axis } from '../story/axis.js';
import type { Wait } from '../story/waits.js';
import { formatCountdown } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import { beside, type Geometry } from './geometry.js';

interface Props {
  readonly wait: Wait;
  readonly axis: Axis;
  readonly geometry: Geometry;
  readonly now: number;
  /** The lower edge of the diagram; a deadline below it is not shown. */
  readonly edge: number;
}

const WIDTH = 6;

/** A wait: a tube beside the lane that fills as time passes, down to its deadline or to where the wait ended. */
export function WaitBar({ wait, axis, geometry, now, edge }: Props) {
  const { choreography, waits } = useTexts();
  const x = geometry.xOf(wait.lane) + offsets[wait.name] - WIDTH / 2;
  const top = axis.rowAt(wait.begunAt);
  const filledTo = axis.rowAt(Math.min(now, wait.endedAt ?? now));
  const due = wait.end === 'open' && wait.dueAt !== null ? axis.rowAt(wait.dueAt) : filledTo;
  const bottom = Math.min(Math.max(filledTo, due), edge);
  const end = wait.end === 'ran out' ? 'has-run-out' : `is-${wait.end}`;
  return (
    <g class={`wait of-service ${end}`} style={inColourOf(wait.lane)} data-wait={wait.name}>
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
        <text class="wait-due" {...beside(wait.lane, 14, geometry)} y={bottom + 4}>
          {choreography.deadline(waits[wait.name])} {formatCountdown(wait.dueAt - now)}
        </text>
      )}
    </g>
  );
}

/** Sideways from the middle of the lane, in pixels. */
const offsets: Readonly<Record<Wait['name'], number>> = {
  payment: -16,
  saga: -26,
  reservation: -16,
  'next attempt': 16,
};
