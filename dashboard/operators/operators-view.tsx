import { useState } from 'preact/hooks';
import { limits } from '../../schemas/limits.js';
import { api } from '../api/api.js';
import { useRemote } from '../api/use-remote.js';
import { ViewHead } from '../parts/view-head.js';
import { go, hrefOf } from '../router.js';
import { useAnnounce } from '../shell/announcer.js';
import { useWatch } from '../shell/watch.js';
import { useLiveReload } from '../shop/use-live-reload.js';
import { useTexts } from '../texts/language.js';
import { AttentionList } from './attention-list.js';
import { Confirmation } from './confirmation.js';
import { execute, type OperatorCommand } from './command.js';
import { QuarantineList } from './quarantine-list.js';
import { QuarantinedSignal } from './quarantined-signal.js';
import { ActionLog } from './action-log.js';

/** What operators can see and do. Every command asks for confirmation and a name, and is recorded. */
export function OperatorsView({ query }: { readonly query: URLSearchParams }) {
  const texts = useTexts();
  const announce = useAnnounce();
  const [command, setCommand] = useState<OperatorCommand>();
  const attention = useRemote('attention', () => api.attention({ limit: limits.page.max }));
  const quarantine = useRemote('quarantine', () => api.quarantine({ limit: limits.page.max }));
  const record = useRemote('operator actions', () => api.operatorActions({ limit: 50 }));
  const opened = idIn(query);
  const signal = useRemote(`quarantined signal ${opened}`, () =>
    opened === undefined ? NONE : api.quarantineEntry(opened),
  );
  const watch = useWatch();
  const reloadAll = () => [attention, quarantine, record, signal, watch].forEach(({ reload }) => reload());
  useLiveReload(reloadAll);
  const finish = (done: OperatorCommand) => {
    setCommand(undefined);
    announce(texts.operators.done[done.kind]);
    reloadAll();
  };
  return (
    <>
      <ViewHead title={texts.views.operators} lead={texts.operators.lead} />
      <div class="halves">
        <AttentionList attention={attention} onCommand={setCommand} />
        <QuarantineList quarantine={quarantine} onCommand={setCommand} />
      </div>
      {opened !== undefined && (
        <QuarantinedSignal
          key={opened}
          id={opened}
          signal={signal}
          onCommand={setCommand}
          onClose={() => go(hrefOf('operators'))}
        />
      )}
      <ActionLog record={record} />
      {command && (
        <Confirmation
          question={texts.operators.confirm[command.kind]}
          onConfirm={(operator, key) => execute(command, operator, key)}
          onDone={() => finish(command)}
          onClose={() => {
            setCommand(undefined);
            reloadAll();
          }}
        />
      )}
    </>
  );
}

const NONE = Promise.resolve(undefined);

/** The id of the quarantine entry that is open. */
function idIn(query: URLSearchParams): number | undefined {
  const id = Number(query.get('quarantine') ?? Number.NaN);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}
