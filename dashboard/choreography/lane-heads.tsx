import { services, type Service } from '../../schemas/services.js';
import { Icon } from '../parts/icon.js';
import type { Participants } from '../story/participants.js';
import type { Wait } from '../story/waits.js';
import { formatCountdown, formatSpan } from '../texts/formats.js';
import type { Texts } from '../texts/en.js';
import { useTexts } from '../texts/language.js';

interface Props {
  readonly participants: Participants;
  readonly waits: readonly Wait[];
  readonly now: number;
  readonly hrefOf: (service: Service) => string | undefined;
}

/** Above each lane: whose it is, where that service stands with the order, and what it waits for. */
export function LaneHeads({ participants, waits, now, hrefOf }: Props) {
  const texts = useTexts();
  return (
    <ul class="lane-heads">
      {services.map((service) => (
        <li key={service} class={`lane-head of-${service}`}>
          <LaneName service={service} href={hrefOf(service)} />
          <span class="lane-state">{stateOf(service, participants, texts)}</span>
          <Countdown wait={mostUrgent(waits, service)} now={now} />
        </li>
      ))}
    </ul>
  );
}

/** Once the participant runs, its name leads to it in Temporal's Web UI. */
function LaneName({ service, href }: { readonly service: Service; readonly href: string | undefined }) {
  const texts = useTexts();
  const name = (
    <>
      <span class="lane-icon">
        <Icon name={service} />
      </span>
      <span class="lane-text">{texts.services[service]}</span>
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

const stateOf = (service: Service, participants: Participants, texts: Texts): string => {
  switch (service) {
    case 'order':
      return texts.participants.order[participants.order];
    case 'payment':
      return texts.participants.payment[participants.payment];
    case 'inventory':
      return texts.participants.inventory[participants.inventory];
    case 'notification':
      return texts.participants.notification[participants.notification];
  }
};

/** The open wait of a lane that ends first; the others are in the diagram below. */
const mostUrgent = (waits: readonly Wait[], service: Service): Wait | undefined =>
  waits
    .filter(({ lane, end }) => lane === service && end === 'open')
    .toSorted((one, other) => (one.dueAt ?? Infinity) - (other.dueAt ?? Infinity))[0];

/** Takes its room also where nothing is waited for, so that the diagram below stays where it is. */
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

/** What is left until the deadline or, where there is none, how long it has taken so far. */
function timeOf({ dueAt, begunAt }: Wait, now: number, texts: Texts): string {
  if (dueAt === null) return texts.choreography.waitElapsed(formatSpan(now - begunAt, texts));
  return dueAt <= now ? texts.time.overdue : formatCountdown(dueAt - now);
}
