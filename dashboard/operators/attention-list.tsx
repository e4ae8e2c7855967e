import type { AttentionEntry, Reply } from '../api/documents.js';
import type { Remote } from '../api/use-remote.js';
import { Age } from '../parts/age.js';
import { Icon } from '../parts/icon.js';
import { Loading } from '../parts/loading.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { hrefOf, orderHref } from '../router.js';
import { shortId } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import type { OperatorCommand } from './command.js';

interface Props {
  readonly attention: Remote<Reply<'listAttention'>>;
  readonly onCommand: (command: OperatorCommand) => void;
}

/** The orders that need a person, oldest first, each with what helps. */
export function AttentionList({ attention: { value, problem, reload }, onCommand }: Props) {
  const { operators } = useTexts();
  return (
    <section class="card" aria-labelledby="attention">
      <h2 id="attention">{operators.attention}</h2>
      {problem && <ProblemNotice problem={problem} onRetry={reload} />}
      {!value && !problem && <Loading />}
      {value?.attention.length === 0 && (
        <p class="empty">
          <Icon name="check" />
          {operators.noAttention}
        </p>
      )}
      <ul class="entries">
        {value?.attention.map((entry) => (
          <Entry
            key={`${entry.orderId} ${entry.code} ${quarantineIdOf(entry)}`}
            entry={entry}
            onCommand={onCommand}
          />
        ))}
      </ul>
    </section>
  );
}

function Entry({
  entry,
  onCommand,
}: {
  readonly entry: AttentionEntry;
  readonly onCommand: Props['onCommand'];
}) {
  const texts = useTexts();
  const { operators } = texts;
  const id = quarantineIdOf(entry);
  return (
    <li class="attention-entry" data-attention={entry.code} data-order={entry.orderId}>
      <h3>
        <Icon name="flag" />
        {texts.attentionCodes[entry.code]}
      </h3>
      <p>{texts.attentionHints[entry.code]}</p>
      <p class="muted small">
        <a href={orderHref(entry.orderId)} class="mono">
          {shortId(entry.orderId)}
        </a>{' '}
        · <Age at={entry.since} />
      </p>
      {entry.code === 'NOTIFICATION_FAILED' && (
        <button
          type="button"
          class="button"
          onClick={() => onCommand({ kind: 'retry', orderId: entry.orderId })}
        >
          {operators.retry}
        </button>
      )}
      {id > 0 && (
        <a class="button" href={hrefOf('operators', { quarantine: String(id) })}>
          {operators.look}
        </a>
      )}
    </li>
  );
}

/** The id of the quarantine entry that an action links to; 0 if none does. */
const quarantineIdOf = ({ actions }: AttentionEntry): number =>
  Number(actions.map(({ href }) => /^\/quarantine\/(\d+)$/.exec(href)?.[1]).find(Boolean) ?? 0);
