import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { inColourOf } from '../parts/service-look.js';
import type { Mark } from '../story/marks.js';
import type { Story } from '../story/story.js';
import { formatExactTime } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import { explain, iconOf, offsetOf, routeOf, startOf, titleOf, toneClassOf } from './words.js';

interface Props {
  readonly story: Story;
  readonly marks: readonly Mark[];
  readonly chosen: string | null;
  readonly onChoose: (key: string) => void;
}

/** The diagram in words: everything that happened, in order. An entry opens its details. */
export function Timeline({ story, marks, chosen, onChoose }: Props) {
  const { choreography } = useTexts();
  return (
    <section class="card timeline" aria-labelledby="timeline">
      <h2 id="timeline">{choreography.list}</h2>
      <p class="muted">{marks.length === 0 ? choreography.nothing : choreography.listLead}</p>
      <ol>
        {marks.map((mark) => (
          <li key={mark.key}>
            <TimelineEntry
              mark={mark}
              story={story}
              marks={marks}
              isChosen={mark.key === chosen}
              onChoose={onChoose}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Closing the details returns the focus to this element. */
export const entryId = (key: string): string => `entry-${key}`;

/** Scrolls the timeline, if it scrolls on its own, to the entry chosen in the diagram. The page stays where it is. */
function revealInList(entry: HTMLElement): void {
  const list = entry.closest('.timeline');
  if (!list || list.scrollHeight <= list.clientHeight) return;
  const [box, frame] = [entry.getBoundingClientRect(), list.getBoundingClientRect()];
  if (box.top < frame.top) list.scrollTop -= frame.top - box.top + 12;
  if (box.bottom > frame.bottom) list.scrollTop += box.bottom - frame.bottom + 12;
}

interface EntryProps extends Omit<Props, 'chosen'> {
  readonly mark: Mark;
  readonly isChosen: boolean;
}

function TimelineEntry({ mark, story, marks, isChosen, onChoose }: EntryProps) {
  const texts = useTexts();
  const explanation = explain(mark, story, texts);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isChosen && button.current) revealInList(button.current);
  }, [isChosen]);
  return (
    <button
      ref={button}
      id={entryId(mark.key)}
      type="button"
      class={`timeline-entry ${toneClassOf(mark)}`}
      style={inColourOf(mark.lane)}
      aria-pressed={isChosen}
      data-entry={mark.kind}
      onClick={() => onChoose(mark.key)}
    >
      <span class="timeline-icon">
        <Icon name={iconOf(mark)} />
      </span>
      <span class="timeline-text">
        <strong>{titleOf(mark, texts)}</strong>
        {mark.kind === 'event' && <span class="timeline-route">{routeOf(mark, texts)}</span>}
        {explanation !== undefined && <span class="muted">{explanation}</span>}
      </span>
      <time
        class="numbers muted"
        dateTime={new Date(mark.at).toISOString()}
        title={formatExactTime(mark.at, texts)}
      >
        {offsetOf(mark, startOf(story, marks), texts)}
      </time>
    </button>
  );
}
