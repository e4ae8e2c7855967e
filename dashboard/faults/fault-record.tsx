import { operatorName } from '../api/operator-header.js';
import type { Reply } from '../api/documents.js';
import type { Remote } from '../api/use-remote.js';
import { Age } from '../parts/age.js';
import { Loading } from '../parts/loading.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { useTexts } from '../texts/language.js';
import { serviceName } from '../texts/names.js';
import { describeFaults } from './describe-faults.js';
import type { Faults } from './switches.js';

interface Props {
  readonly changes: Remote<Reply<'listFaultChanges'>>;
}

/** Who switched what, newest first. */
export function FaultRecord({ changes: { value, problem, reload } }: Props) {
  const texts = useTexts();
  return (
    <section class="card" aria-labelledby="fault-record">
      <h2 id="fault-record">{texts.faults.record}</h2>
      {problem && <ProblemNotice problem={problem} onRetry={reload} />}
      {!value && !problem && <Loading />}
      {value?.faultChanges.length === 0 && <p class="empty">{texts.faults.noRecord}</p>}
      <ol class="record">
        {value?.faultChanges.map(({ at, operator, service, settings }) => (
          <li key={`${at} ${service}`}>
            <span>
              <strong>{operatorName(operator)}</strong> {serviceName(service, texts)}:{' '}
              {describeFaults(settings as unknown as Faults, texts)}
            </span>
            <span class="muted small">
              <Age at={at} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
