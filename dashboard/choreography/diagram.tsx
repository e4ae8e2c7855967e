import { inColourOf } from '../parts/service-look.js';
import type { Axis } from '../story/axis.js';
import type { Mark } from '../story/marks.js';
import type { Wait } from '../story/waits.js';
import { useTexts } from '../texts/language.js';
import { Arrow } from './arrow.js';
import type { Geometry } from './geometry.js';
import { Note } from './note.js';
import { WaitBar } from './wait-bar.js';
import { offsetOf } from './words.js';

/** Everything to draw at one moment. */
export interface Picture {
  readonly marks: readonly Mark[];
  readonly waits: readonly Wait[];
  readonly axis: Axis;
  readonly rowOf: (mark: Mark) => number;
  readonly startedAt: number;
  /** The moment shown. */
  readonly now: number;
  /** Whether time is still running: a line then marks the present. */
  readonly isOpen: boolean;
}

interface Props {
  readonly picture: Picture;
  readonly geometry: Geometry;
  readonly height: number;
  readonly label: string;
  /** Marks that belong together: the others are dimmed. Null if nothing is chosen. */
  readonly chosen: ReadonlySet<string> | null;
  readonly isNew: (mark: Mark) => boolean;
  readonly onChoose: (key: string) => void;
}

/** The lanes, and what happened on and between them. The timeline says the same to people who cannot see it. */
export function Diagram({ picture, geometry, height, label, chosen, isNew, onChoose }: Props) {
  const { marks, waits, axis, now } = picture;
  return (
    <svg class="diagram" width={geometry.width} height={height} role="img" aria-label={label}>
      <Lanes geometry={geometry} height={height} />
      {picture.isOpen && <NowLine y={axis.rowAt(now)} lastRow={axis.bottom} geometry={geometry} />}
      {waits.map((wait) => (
        <WaitBar key={wait.key} wait={wait} axis={axis} geometry={geometry} now={now} edge={height} />
      ))}
      {marks.map((mark) => {
        const y = picture.rowOf(mark);
        return (
          <g
            key={mark.key}
            class={`mark ${chosen && !chosen.has(mark.key) ? 'is-dimmed' : ''}`}
            onClick={() => onChoose(mark.key)}
          >
            <TimeLabel mark={mark} y={y} startedAt={picture.startedAt} />
            {mark.kind === 'event' ? (
              <Arrow mark={mark} y={y} geometry={geometry} isNew={isNew(mark)} />
            ) : (
              <Note mark={mark} y={y} geometry={geometry} />
            )}
          </g>
        );
      })}
    </svg>
  );
}

const Lanes = ({ geometry, height }: { readonly geometry: Geometry; readonly height: number }) => (
  <g class="lanes">
    {geometry.lanes.map((service) => (
      <line
        key={service}
        class="of-service"
        style={inColourOf(service)}
        x1={geometry.xOf(service)}
        x2={geometry.xOf(service)}
        y1={0}
        y2={height}
      />
    ))}
  </g>
);

const TimeLabel = ({ mark, y, startedAt }: { mark: Mark; y: number; startedAt: number }) => (
  <text class="time-label" x={0} y={y + 4}>
    {offsetOf(mark, startedAt, useTexts())}
  </text>
);

interface NowProps {
  readonly y: number;
  /** The row of the last mark: the word "now" must not cover its time. */
  readonly lastRow: number;
  readonly geometry: Geometry;
}

const NowLine = ({ y, lastRow, geometry }: NowProps) => (
  <g class="now-line">
    <line x1={geometry.gutter - 8} x2={geometry.width} y1={y} y2={y} />
    <text x={0} y={Math.max(y, lastRow + 15) + 4}>
      {useTexts().choreography.now}
    </text>
  </g>
);
