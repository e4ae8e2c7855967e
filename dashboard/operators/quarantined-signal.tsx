import { useEffect, useRef } from 'preact/hooks';
import type { QuarantinedSignal as Signal } from '../api/documents.js';
import type { Remote } from '../api/use-remote.js';
import { Icon } from '../parts/icon.js';
import { Json } from '../parts/json.js';
import { Loading } from '../parts/loading.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { orderHref } from '../router.js';
import { shortId } from '../texts/formats.js';
import { quarantineReason } from '../texts/names.js';
import { useTexts } from '../texts/language.js';
import type { OperatorCommand } from './command.js';
import { Actions } from './action-log.js';

interface Props {
  readonly id: number;
  readonly signal: Remote<Signal | undefined>;
  readonly onCommand: (command: OperatorCommand) => void;
  readonly onClose: () => void;
}

/** One refused signal in full: its body, why it was refused, and the attempts to redeliver it. */
export function QuarantinedSignal({ id, signal, onCommand, onClose }: Props) {
  const { detail } = useTexts().operators;
  const heading = useRef<HTMLHeadingElement>(null);
  const { value, problem, reload } = signal;
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="card quarantined-signal" aria-labelledby="quarantined-signal">
      <header class="details-head">
        <h2 id="quarantined-signal" ref={heading} tabIndex={-1}>
          {detail.title(id)}
        </h2>
        <button type="button" class="icon-button" aria-label={detail.close} onClick={onClose}>
          <Icon name="cross" />
        </button>
      </header>
      {problem && <ProblemNotice problem={problem} onRetry={reload} />}
      {!value && !problem && <Loading />}
      {value && <Facts signal={value} onCommand={onCommand} />}
    </section>
  );
}

function Facts({ signal, onCommand }: { readonly signal: Signal; readonly onCommand: Props['onCommand'] }) {
  const texts = useTexts();
  const { detail } = texts.operators;
  return (
    <>
      <dl class="facts">
        <dt>{detail.reason}</dt>
        <dd>
          <strong>{quarantineReason(signal.reason, texts)}.</strong> <span class="mono">{signal.reason}</span>
          : {signal.detail}
        </dd>
        <dt>{detail.workflow}</dt>
        <dd class="mono">{signal.workflowId}</dd>
        <dt>{texts.orders.columns.order}</dt>
        <dd>
          <a class="mono" href={orderHref(signal.orderId)}>
            {shortId(signal.orderId)}
          </a>
        </dd>
        <dt>{detail.publishedBy}</dt>
        <dd>{signal.publishedBy ?? detail.nobody}</dd>
      </dl>
      <h3>{detail.body}</h3>
      {signal.bodyIsCut && <p class="muted">{detail.cut}</p>}
      <Json
        value={signal.bodyIsCut ? signal.body : (JSON.parse(signal.body) as unknown)}
        label={detail.body}
      />
      {signal.redrives.length > 0 && (
        <>
          <h3>{detail.redrives}</h3>
          <Actions actions={signal.redrives} />
        </>
      )}
      {signal.state === 'WAITING' && (
        <div class="entry-actions">
          <button
            type="button"
            class="button button-main"
            onClick={() => onCommand({ kind: 'redrive', id: signal.id })}
          >
            {texts.operators.redrive}
          </button>
          <button type="button" class="button" onClick={() => onCommand({ kind: 'dismiss', id: signal.id })}>
            {texts.operators.dismiss}
          </button>
        </div>
      )}
    </>
  );
}
