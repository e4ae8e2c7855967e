import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { Json } from '../parts/json.js';
import { inColourOf } from '../parts/service-look.js';
import { hrefOf } from '../router.js';
import { useEscape } from '../shell/use-escape.js';
import { causeIdOf, effectsOf, findEvent } from '../story/causes.js';
import type { EventMark, Mark } from '../story/marks.js';
import type { Story } from '../story/story.js';
import { formatExactTime } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import { deliveryOf, explain, iconOf, offsetOf, routeOf, startOf, titleOf, toneClassOf } from './words.js';

interface Props {
  readonly mark: Mark;
  readonly marks: readonly Mark[];
  readonly story: Story;
  readonly onChoose: (key: string) => void;
  readonly onClose: () => void;
}

/** One mark in full: its payload, and links to its cause and its effects. */
export function Details({ mark, marks, story, onChoose, onClose }: Props) {
  const texts = useTexts();
  const { details } = texts;
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [mark.key]);
  useEscape(onClose);
  return (
    <aside
      class={`card details ${toneClassOf(mark)}`}
      style={inColourOf(mark.lane)}
      aria-labelledby="details"
    >
      <header class="details-head">
        <span class="timeline-icon">
          <Icon name={iconOf(mark)} />
        </span>
        <h2 id="details" ref={heading} tabIndex={-1}>
          {titleOf(mark, texts)}
        </h2>
        <button type="button" class="icon-button" aria-label={details.close} onClick={onClose}>
          <Icon name="cross" />
        </button>
      </header>
      <p>{explain(mark, story, texts)}</p>
      <dl class="facts">
        <dt>{details.at}</dt>
        <dd class="numbers">
          {formatExactTime(mark.at, texts)}{' '}
          <span class="muted">(+{offsetOf(mark, startOf(story, marks), texts)})</span>
        </dd>
        {mark.kind === 'event' && <EventFacts mark={mark} />}
        <Causes mark={mark} marks={marks} onChoose={onChoose} />
      </dl>
      {mark.kind === 'quarantined' && (
        <p>
          <a href={hrefOf('operators', { quarantine: String(mark.signal.id) })}>{details.openQuarantine}</a>
        </p>
      )}
      {mark.kind === 'event' && (
        <>
          <h3>{details.payload}</h3>
          <Json value={mark.event.payload} label={details.payload} />
        </>
      )}
    </aside>
  );
}

function EventFacts({ mark }: { readonly mark: EventMark }) {
  const texts = useTexts();
  return (
    <>
      <dt>{texts.details.type}</dt>
      <dd class="mono">
        {mark.event.type} <span class="muted">v{mark.event.version}</span>
      </dd>
      <dt>{texts.details.subscribers}</dt>
      <dd>{routeOf(mark, texts)}</dd>
      <dt>{texts.details.delivery}</dt>
      <dd>{deliveryOf(mark, texts)}</dd>
    </>
  );
}

function Causes({ mark, marks, onChoose }: Pick<Props, 'mark' | 'marks' | 'onChoose'>) {
  const { details } = useTexts();
  const causeId = causeIdOf(mark);
  const cause = findEvent(marks, causeId);
  const effects = mark.kind === 'event' ? effectsOf(marks, mark.key) : [];
  const isFirst = mark.kind === 'event' && causeId === null;
  return (
    <>
      {(causeId !== null || isFirst) && (
        <>
          <dt>{details.cause}</dt>
          <dd>
            {cause && <MarkLink mark={cause} onChoose={onChoose} />}
            {!cause && (isFirst ? details.noCause : details.unknownCause)}
          </dd>
        </>
      )}
      {mark.kind === 'event' && (
        <>
          <dt>{details.effects}</dt>
          <dd>
            {effects.length === 0 && details.nothingYet}
            {effects.map((effect) => (
              <MarkLink key={effect.key} mark={effect} onChoose={onChoose} />
            ))}
          </dd>
        </>
      )}
    </>
  );
}

const MarkLink = ({ mark, onChoose }: { readonly mark: Mark; readonly onChoose: (key: string) => void }) => (
  <button
    type="button"
    class={`mark-link ${toneClassOf(mark)}`}
    style={inColourOf(mark.lane)}
    onClick={() => onChoose(mark.key)}
  >
    <Icon name={iconOf(mark)} />
    {titleOf(mark, useTexts())}
  </button>
);
