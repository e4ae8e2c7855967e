import type { AttentionEntry, Reply } from '../api/documents.js';
import type { Remote } from '../api/use-remote.js';
import { Age } from '../parts/age.js';
import { Icon } from '../parts/icon.js';
import { Loading } from '../parts/loading.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { hrefOf, orderHref } from '../router.js';
import { shortId } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import type { Deed } from './deed.js';

interface Props {
  readonly attention: Remote<Reply<'listAttention'>>;
  readonly onDeed: (deed: Deed) => void;
}

/** What needs a person, those that have waited longest first, each with what helps. */
export function AttentionList({ attention: { value, problem, reload }, onDeed }: Props) {
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
            onDeed={onDeed}
          />
        ))}
      </ul>
    </section>
  );
}

function Entry({ entry, onDeed }: { readonly entry: AttentionEntry; readonly onDeed: Props['onDeed'] }) {
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
          onClick={() => onDeed({ kind: 'retry', orderId: entry.orderId })}
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

/** The number of the quarantine's entry, from the link to it; 0 where there is none. */
const quarantineIdOf = ({ actions }: AttentionEntry): number =>
  Number(actions.map(({ href }) => /^\/quarantine\/(\d+)$/.exec(href)?.[1]).find(Boolean) ?? 0);
