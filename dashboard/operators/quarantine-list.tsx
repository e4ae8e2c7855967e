import type { QuarantineEntry, Reply } from '../api/documents.js';
import type { Remote } from '../api/use-remote.js';
import { Age } from '../parts/age.js';
import { Icon } from '../parts/icon.js';
import { Loading } from '../parts/loading.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { hrefOf } from '../router.js';
import { useTexts } from '../texts/language.js';
import { quarantineReason, serviceName } from '../texts/names.js';
import type { OperatorCommand } from './command.js';

interface Props {
  readonly quarantine: Remote<Reply<'listQuarantine'>>;
  readonly onCommand: (command: OperatorCommand) => void;
}

/** The refused signals, newest first. */
export function QuarantineList({ quarantine: { value, problem, reload }, onCommand }: Props) {
  const { operators } = useTexts();
  return (
    <section class="card" aria-labelledby="quarantine">
      <h2 id="quarantine">{operators.quarantine}</h2>
      <p class="muted">{operators.quarantineLead}</p>
      {problem && <ProblemNotice problem={problem} onRetry={reload} />}
      {!value && !problem && <Loading />}
      {value?.quarantine.length === 0 && (
        <p class="empty">
          <Icon name="check" />
          {operators.noQuarantine}
        </p>
      )}
      <ul class="entries">
        {value?.quarantine.map((entry) => (
          <Entry key={entry.id} entry={entry} onCommand={onCommand} />
        ))}
      </ul>
    </section>
  );
}

function Entry({
  entry,
  onCommand,
}: {
  readonly entry: QuarantineEntry;
  readonly onCommand: Props['onCommand'];
}) {
  const texts = useTexts();
  const { operators } = texts;
  return (
    <li class="attention-entry" data-quarantine={entry.id}>
      <h3>
        <Icon name="shield" />
        {entry.signalName}
      </h3>
      <p class="muted small">
        {serviceName(entry.service, texts)} · {quarantineReason(entry.reason, texts)}{' '}
        <span class="mono">{entry.reason}</span> · {operators.seen(entry.seen)} ·{' '}
        <Age at={entry.lastSeenAt} />
      </p>
      <div class="entry-actions">
        <span class={`pill ${entry.state === 'WAITING' ? 'pill-open' : 'pill-done'}`}>
          <Icon name={entry.state === 'WAITING' ? 'wait' : 'check'} />
          {operators.states[entry.state]}
        </span>
        <a class="button" href={hrefOf('operators', { quarantine: String(entry.id) })}>
          {operators.look}
        </a>
        {entry.state === 'WAITING' && (
          <button type="button" class="button" onClick={() => onCommand({ kind: 'redrive', id: entry.id })}>
            {operators.redrive}
          </button>
        )}
      </div>
    </li>
  );
}
