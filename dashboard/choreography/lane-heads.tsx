import type { Service } from '../../schemas/services.js';
import { Icon } from '../parts/icon.js';
import { inColourOf, lookOf } from '../parts/service-look.js';
import type { Story } from '../story/story.js';
import type { Wait } from '../story/waits.js';
import { formatCountdown, formatSpan } from '../texts/formats.js';
import type { Texts } from '../texts/en.js';
import { useTexts } from '../texts/language.js';
import { serviceName } from '../texts/names.js';
import { stateOf } from './words.js';

interface Props {
  readonly lanes: readonly Service[];
  readonly story: Story;
  readonly waits: readonly Wait[];
  readonly now: number;
  readonly hrefOf: (service: Service) => string | undefined;
}

/** Above each lane: the service, where it stands with the order, and what it waits for. */
export function LaneHeads({ lanes, story, waits, now, hrefOf }: Props) {
  const texts = useTexts();
  return (
    <ul class="lane-heads">
      {lanes.map((service) => (
        <li key={service} class="lane-head of-service" style={inColourOf(service)}>
          <LaneName service={service} href={hrefOf(service)} />
          <span class="lane-state">{stateOf(service, story, texts)}</span>
          <Countdown wait={mostUrgent(waits, service)} now={now} />
        </li>
      ))}
    </ul>
  );
}

/** The name links to the participant in Temporal's Web UI as soon as there is one. */
function LaneName({ service, href }: { readonly service: Service; readonly href: string | undefined }) {
  const texts = useTexts();
  const name = (
    <>
      <span class="lane-icon">
        <Icon name={lookOf(service).icon} />
      </span>
      <span class="lane-text">{serviceName(service, texts)}</span>
    </>
  );
  if (href === undefined) return <span class="lane-name">{name}</span>;
  return (
    <a class="lane-name" href={href} target="_blank" rel="noreferrer" title={texts.order.temporal}>
      {name}
      <Icon name="outside" class="lane-outside" />
    </a>
  );
}

/** The open wait that ends first; the diagram shows the others. */
const mostUrgent = (waits: readonly Wait[], service: Service): Wait | undefined =>
  waits
    .filter(({ lane, end }) => lane === service && end === 'open')
    .toSorted((one, other) => (one.dueAt ?? Infinity) - (other.dueAt ?? Infinity))[0];

/** Keeps its room when there is no wait, so that the diagram below does not jump. */
function Countdown({ wait, now }: { readonly wait: Wait | undefined; readonly now: number }) {
  const texts = useTexts();
  const share = wait && shareLeft(wait, now);
  return (
    <span class="countdown">
      {wait && (
        <span class="countdown-text">
          <span class="countdown-name">{texts.waits[wait.name]}</span> {timeOf(wait, now, texts)}
        </span>
      )}
      {share !== undefined && (
        <span class="countdown-bar" aria-hidden="true">
          <span style={{ width: `${100 * share}%` }} />
        </span>
      )}
    </span>
  );
}

const shareLeft = ({ dueAt, begunAt }: Wait, now: number): number | undefined =>
  dueAt === null ? undefined : Math.max(0, Math.min(1, (dueAt - now) / (dueAt - begunAt)));

/** The time left until the deadline or, without one, the time since the wait began. */
function timeOf({ dueAt, begunAt }: Wait, now: number, texts: Texts): string {
  if (dueAt === null) return texts.choreography.waitElapsed(formatSpan(now - begunAt, texts));
  return dueAt <= now ? texts.time.overdue : formatCountdown(dueAt - now);
}
