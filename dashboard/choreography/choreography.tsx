import { useMemo, useState } from 'preact/hooks';
import type { Service } from '../../schemas/services.js';
import { useClock } from '../shell/clock.js';
import { axisOf } from '../story/axis.js';
import { chainOf } from '../story/causes.js';
import { lanesOf } from '../story/lanes.js';
import { marksOf, type Mark } from '../story/marks.js';
import type { Story } from '../story/story.js';
import { storyUntil } from '../story/until.js';
import { waitsOf, type Wait } from '../story/waits.js';
import { formatSpan, shortId } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import { Diagram, type Picture } from './diagram.js';
import { geometryOf } from './geometry.js';
import { LaneHeads } from './lane-heads.js';
import { Legend } from './legend.js';
import { ReplayBar } from './replay-bar.js';
import { useReplay } from './use-replay.js';
import { useWidth } from './use-width.js';
import { startOf } from './words.js';

interface Props {
  readonly orderId: string;
  readonly story: Story;
  readonly chosen: string | null;
  readonly onChoose: (key: string) => void;
  readonly hrefOf: (service: Service) => string | undefined;
}

/** Anything more recent than this is animated. */
const JUST_NOW_MS = 4_000;

/** A lane for each service, live or as a replay. */
export function Choreography({ orderId, story, chosen, onChoose, hrefOf }: Props) {
  const texts = useTexts();
  const { element, width } = useWidth<HTMLDivElement>();
  const [openedAt] = useState(Date.now);
  const all = useMemo(() => marksOf(story), [story]);
  const lanes = useMemo(() => lanesOf(story), [story]);
  const startedAt = startOf(story, all);
  const axis = useMemo(() => axisOf(all, startedAt), [all, startedAt]);
  const rows = useMemo(
    () => new Map(all.map((mark, index) => [mark.key, axis.rows[index] ?? 0])),
    [all, axis],
  );
  const replay = useReplay(axis.bottom);
  const isOpen = replay.row === null && waitsOf(story).some(({ end }) => end === 'open');
  const clock = useClock(isOpen ? 250 : null);

  const { row } = replay;
  const now = row === null ? Math.max(clock, all.at(-1)?.at ?? 0) : axis.timeAt(row);
  const shown = row === null ? story : storyUntil(story, now);
  const rowOf = (mark: Mark) => rows.get(mark.key) ?? axis.rowAt(mark.at);
  const marks = marksOf(shown).filter((mark) => row === null || rowOf(mark) <= row);
  const waits = waitsOf(shown);
  const picture: Picture = { marks, waits, axis, rowOf, startedAt, now, isOpen };
  const isNew = (mark: Mark) =>
    row === null ? mark.at > openedAt - 500 && mark.at > Date.now() - JUST_NOW_MS : replay.isPlaying;
  return (
    <section class="card choreography" aria-labelledby="choreography">
      <div class="card-head">
        <h2 id="choreography">{texts.choreography.title}</h2>
        <ReplayBar replay={replay} bottom={axis.bottom} shown={formatSpan(now - startedAt, texts)} />
      </div>
      <p class="muted">{texts.choreography.lead}</p>
      <div class="stage" ref={element} style={{ '--lanes': lanes.length }}>
        <LaneHeads lanes={lanes} story={shown} waits={waits} now={now} hrefOf={hrefOf} />
        {width > 0 && (
          <Diagram
            picture={picture}
            geometry={geometryOf(width, lanes)}
            height={heightOf(picture)}
            label={texts.choreography.diagram(shortId(orderId))}
            chosen={chosen === null ? null : chainOf(all, chosen)}
            isNew={isNew}
            onChoose={onChoose}
          />
        )}
      </div>
      <Legend />
    </section>
  );
}

const MIN_HEIGHT = 320;
const ROOM_BELOW = 36;

/** Reaches down to the last mark, or to the last deadline that is still open. */
function heightOf({ axis, waits, now, isOpen }: Picture): number {
  const deadlines = waits.filter(isAhead).map(({ dueAt }) => axis.rowAt(dueAt));
  const bottom = isOpen ? Math.max(axis.rowAt(now), ...deadlines) : axis.bottom;
  return Math.max(MIN_HEIGHT, Math.max(axis.bottom, bottom) + ROOM_BELOW);
}

const isAhead = (wait: Wait): wait is Wait & { readonly dueAt: number } =>
  wait.end === 'open' && wait.dueAt !== null;
