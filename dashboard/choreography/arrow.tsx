import { useState } from 'preact/hooks';
import { IconAt } from '../parts/icon.js';
import { inColourOf } from '../parts/service-look.js';
import type { EventMark } from '../story/marks.js';
import { useTexts } from '../texts/language.js';
import { above, branchesOf, type Branch, type Geometry } from './geometry.js';
import { deliveryOf, gistOf, iconOf, titleOf, toneClassOf } from './words.js';

interface Props {
  readonly mark: EventMark;
  readonly y: number;
  readonly geometry: Geometry;
  /** Whether it happens right now, and so travels. */
  readonly isNew: boolean;
}

/** An event: a node on the publisher's lane, and a line with a head on each subscriber's. */
export function Arrow({ mark, y, geometry, isNew }: Props) {
  const texts = useTexts();
  // Decided once: it must not travel again when something else changes.
  const [travels] = useState(isNew);
  const state = mark.deliveredAt === null ? 'is-on-its-way' : 'is-delivered';
  const gist = gistOf(mark, texts);
  const title = titleOf(mark, texts);
  const x = geometry.xOf(mark.lane);
  const hasRoom = gist !== undefined && !geometry.isNarrow;
  return (
    <g
      class={`arrow ${toneClassOf(mark)} ${state} ${travels ? 'travels' : ''}`}
      style={inColourOf(mark.lane)}
      data-event={mark.event.eventId}
    >
      <title>{`${title}: ${deliveryOf(mark, texts)}`}</title>
      <rect class="hit" x={0} y={y - 24} width={geometry.width} height={36} />
      {branchesOf(mark, geometry).map((branch) => (
        <BranchLine key={branch.to} branch={branch} y={y} />
      ))}
      <circle class="node" cx={x} cy={y} r={mark.tone === 'forward' ? 5 : 9} />
      {mark.tone !== 'forward' && <IconAt name={iconOf(mark)} x={x} y={y} size={12} />}
      <text class="arrow-label" {...above(mark, geometry)} y={y - 10}>
        {title}
        {hasRoom && (
          <tspan class="gist" dx={8}>
            {gist}
          </tspan>
        )}
      </text>
    </g>
  );
}

function BranchLine({ branch, y }: { readonly branch: Branch; readonly y: number }) {
  const { from, to } = branch;
  const direction = Math.sign(to - from);
  const path = `M${from} ${y}H${to - direction * 4}`;
  return (
    <>
      <path class="line" d={path} pathLength={1} />
      {branch.heads.map((head) => (
        <path key={head} class="head" d={headAt(head - direction * 2, y, direction)} />
      ))}
      <path class="traveller" d={path} pathLength={1} />
    </>
  );
}

/** A triangle with its tip at the point. */
const headAt = (x: number, y: number, direction: number): string => `M${x} ${y}l${-direction * 9} -5v10z`;
