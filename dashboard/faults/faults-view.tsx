import { useState } from 'preact/hooks';
import { useRemote } from '../api/use-remote.js';
import { ALL_ORDERS } from '../feed/hub.js';
import { Confirmation } from '../operators/confirmation.js';
import { Loading } from '../parts/loading.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { ViewHead } from '../parts/view-head.js';
import { useAnnounce } from '../shell/announcer.js';
import { useFeed } from '../shell/connection.js';
import { useWatch } from '../shell/watch.js';
import { useTexts } from '../texts/language.js';
import { serviceName } from '../texts/names.js';
import { describeFaults } from './describe-faults.js';
import type { Faults } from './switches.js';
import { FaultRecord } from './fault-record.js';
import { faultsApi } from './faults-api.js';
import { ServiceSwitches } from './service-switches.js';

interface PendingChange {
  readonly service: string;
  readonly faults: Faults;
}

/** The switches of every service; a change asks for confirmation and a name. */
export function FaultsView() {
  const texts = useTexts();
  const announce = useAnnounce();
  const { value, problem, reload } = useRemote('faults', faultsApi.all);
  const changes = useRemote('fault changes', faultsApi.changes);
  const [pending, setPending] = useState<PendingChange>();
  const watch = useWatch();
  const reloadBoth = () => {
    reload();
    changes.reload();
  };
  // The feed has no message for a switch. It tells whether the API is up, and when to reload.
  useFeed(ALL_ORDERS, { onMessage: () => undefined, onStart: reloadBoth });
  const finish = () => {
    setPending(undefined);
    announce(texts.operators.done.fault);
    reloadBoth();
    watch.reload();
  };
  return (
    <>
      <ViewHead title={texts.views.faults} lead={texts.faults.lead} />
      {problem && <ProblemNotice problem={problem} onRetry={reload} />}
      {!value && !problem && <Loading />}
      {value && !value.allowed && (
        <p class="notice notice-quiet">
          <span>
            {texts.faults.off} <code class="command">npm start -- --faults</code>
          </span>
        </p>
      )}
      <div class="halves">
        {value?.faults.map((faults) => (
          <ServiceSwitches
            key={`${faults.service} ${faults.changedAt ?? ''}`}
            faults={faults}
            isAllowed={value.allowed}
            onApply={(wanted) => setPending({ service: faults.service, faults: wanted })}
          />
        ))}
      </div>
      <FaultRecord changes={changes} />
      {pending && (
        <Confirmation
          question={texts.operators.confirm.fault(
            serviceName(pending.service, texts),
            describeFaults(pending.faults, texts),
          )}
          onConfirm={(operator) => faultsApi.set(pending.service, pending.faults, operator)}
          onDone={finish}
          onClose={() => setPending(undefined)}
        />
      )}
    </>
  );
}
