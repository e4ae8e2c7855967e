import { IconAt } from '../parts/icon.js';
import type { Mark } from '../story/marks.js';
import { useTexts } from '../texts/language.js';
import type { Geometry } from './geometry.js';
import { iconOf, noteOf, titleOf, toneClassOf } from './words.js';

interface Props {
  readonly mark: Exclude<Mark, { kind: 'event' }>;
  readonly y: number;
  readonly geometry: Geometry;
}

/** What happened to one service alone: a sign on its lane, and a few words beside it. */
export function Note({ mark, y, geometry }: Props) {
  const texts = useTexts();
  const x = geometry.x[mark.lane];
  // The last lane has no room on its right.
  const isLast = mark.lane === 'notification';
  return (
    <g class={`note note-${mark.kind} ${toneClassOf(mark)}`} data-mark={mark.kind}>
      <title>{titleOf(mark, texts)}</title>
      <rect class="hit" x={0} y={y - 13} width={geometry.width} height={26} />
      <circle class="node" cx={x} cy={y} r={9} />
      <IconAt name={iconOf(mark)} x={x} y={y} size={12} />
      <text x={isLast ? x - 15 : x + 15} y={y + 4} text-anchor={isLast ? 'end' : 'start'}>
        {noteOf(mark, texts)}
      </text>
    </g>
  );
}
