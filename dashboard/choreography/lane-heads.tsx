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
          {waits
            .filter(({ lane, end }) => lane === service && end === 'open')
            .map((wait) => (
              <Countdown key={wait.key} wait={wait} now={now} />
            ))}
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

function Countdown({ wait, now }: { readonly wait: Wait; readonly now: number }) {
  const texts = useTexts();
  const { dueAt, begunAt } = wait;
  const share = dueAt === null ? undefined : Math.max(0, Math.min(1, (dueAt - now) / (dueAt - begunAt)));
  return (
    <span class="countdown">
      <span class="countdown-text">{describeWait(wait, now, texts)}</span>
      {share !== undefined && (
        <span class="countdown-bar" aria-hidden="true">
          <span style={{ width: `${100 * share}%` }} />
        </span>
      )}
    </span>
  );
}

function describeWait({ name, dueAt, begunAt }: Wait, now: number, texts: Texts): string {
  const words = texts.choreography;
  const isPause = name === 'next attempt';
  if (dueAt === null) {
    const elapsed = formatSpan(now - begunAt, texts);
    return isPause ? words.pauseOpenEnded(elapsed) : words.waitOpenEnded(texts.waits[name], elapsed);
  }
  const left = dueAt <= now ? texts.time.overdue : texts.time.left(formatCountdown(dueAt - now));
  if (name === 'saga') return words.sagaOpen(left);
  return isPause ? words.pauseOpen(left) : words.waitOpen(texts.waits[name], left);
}
