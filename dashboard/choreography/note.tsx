import { IconAt } from '../parts/icon.js';
import { inColourOf } from '../parts/service-look.js';
import type { Mark } from '../story/marks.js';
import { useTexts } from '../texts/language.js';
import { beside, type Geometry } from './geometry.js';
import { iconOf, noteOf, titleOf, toneClassOf } from './words.js';

interface Props {
  readonly mark: Exclude<Mark, { kind: 'event' }>;
  readonly y: number;
  readonly geometry: Geometry;
}

/** What happened to one service alone: an icon on its lane, and a few words beside it. */
export function Note({ mark, y, geometry }: Props) {
  const texts = useTexts();
  const x = geometry.xOf(mark.lane);
  return (
    <g
      class={`note note-${mark.kind} ${toneClassOf(mark)}`}
      style={inColourOf(mark.lane)}
      data-mark={mark.kind}
    >
      <title>{titleOf(mark, texts)}</title>
      <rect class="hit" x={0} y={y - 13} width={geometry.width} height={26} />
      <circle class="node" cx={x} cy={y} r={9} />
      <IconAt name={iconOf(mark)} x={x} y={y} size={12} />
      <text {...beside(mark.lane, 15, geometry)} y={y + 4}>
        {noteOf(mark, texts)}
      </text>
    </g>
  );
}
