import { operatorName } from '../api/operator-header.js';
import type { OperatorAction, Reply } from '../api/documents.js';
import type { Remote } from '../api/use-remote.js';
import { Age } from '../parts/age.js';
import { Loading } from '../parts/loading.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { orderHref } from '../router.js';
import { shortId } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';

interface Props {
  readonly record: Remote<Reply<'listOperatorActions'>>;
}

/** Who did what, newest first. */
export function ActionLog({ record: { value, problem, reload } }: Props) {
  const { operators } = useTexts();
  return (
    <section class="card" aria-labelledby="record">
      <h2 id="record">{operators.record}</h2>
      {problem && <ProblemNotice problem={problem} onRetry={reload} />}
      {!value && !problem && <Loading />}
      {value?.operatorActions.length === 0 && <p class="empty">{operators.noRecord}</p>}
      {value && <Actions actions={value.operatorActions} />}
    </section>
  );
}

export function Actions({ actions }: { readonly actions: readonly OperatorAction[] }) {
  const { operators } = useTexts();
  return (
    <ol class="record">
      {actions.map((entry) => (
        <li key={`${entry.at} ${entry.operator} ${entry.action}`}>
          <span>
            <strong>{operatorName(entry.operator)}</strong> {operators.actions[entry.action] ?? entry.action}
            {': '}
            {operators.outcomes[entry.outcome] ?? entry.outcome}
            {entry.detail !== '' && <span class="muted"> ({entry.detail})</span>}
          </span>
          <span class="muted small">
            {entry.orderId !== null && (
              <>
                <a class="mono" href={orderHref(entry.orderId)}>
                  {shortId(entry.orderId)}
                </a>{' '}
                ·{' '}
              </>
            )}
            <Age at={entry.at} />
          </span>
        </li>
      ))}
    </ol>
  );
}
