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

/** The diagram in words: everything that happened, in order. Each entry opens its details. */
export function Happenings({ story, marks, chosen, onChoose }: Props) {
  const { choreography } = useTexts();
  return (
    <section class="card happenings" aria-labelledby="happenings">
      <h2 id="happenings">{choreography.list}</h2>
      <p class="muted">{marks.length === 0 ? choreography.nothing : choreography.listLead}</p>
      <ol>
        {marks.map((mark) => (
          <li key={mark.key}>
            <Happening
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

/** Where the focus goes back to when the details are closed. */
export const happeningId = (key: string): string => `happening-${key}`;

/** What is chosen in the diagram comes into view here, where the list has a scroll bar of its own; the page stays. */
function revealInList(entry: HTMLElement): void {
  const list = entry.closest('.happenings');
  if (!list || list.scrollHeight <= list.clientHeight) return;
  const [box, frame] = [entry.getBoundingClientRect(), list.getBoundingClientRect()];
  if (box.top < frame.top) list.scrollTop -= frame.top - box.top + 12;
  if (box.bottom > frame.bottom) list.scrollTop += box.bottom - frame.bottom + 12;
}

interface EntryProps extends Omit<Props, 'chosen'> {
  readonly mark: Mark;
  readonly isChosen: boolean;
}

function Happening({ mark, story, marks, isChosen, onChoose }: EntryProps) {
  const texts = useTexts();
  const explanation = explain(mark, story, texts);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isChosen && button.current) revealInList(button.current);
  }, [isChosen]);
  return (
    <button
      ref={button}
      id={happeningId(mark.key)}
      type="button"
      class={`happening ${toneClassOf(mark)}`}
      style={inColourOf(mark.lane)}
      aria-pressed={isChosen}
      data-happening={mark.kind}
      onClick={() => onChoose(mark.key)}
    >
      <span class="happening-sign">
        <Icon name={iconOf(mark)} />
      </span>
      <span class="happening-text">
        <strong>{titleOf(mark, texts)}</strong>
        {mark.kind === 'event' && <span class="happening-route">{routeOf(mark, texts)}</span>}
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
