import { useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { useRemote } from '../api/use-remote.js';
import { ViewHead } from '../parts/view-head.js';
import { go, hrefOf } from '../router.js';
import { useAnnounce } from '../shell/announcer.js';
import { useLiveReload } from '../shop/use-live-reload.js';
import { useTexts } from '../texts/language.js';
import { AttentionList } from './attention-list.js';
import { Confirmation } from './confirmation.js';
import { carryOut, type Deed } from './deed.js';
import { QuarantineList } from './quarantine-list.js';
import { QuarantinedSignal } from './quarantined-signal.js';
import { Record } from './record.js';

/** The operators' desk. Whatever is done here asks for confirmation and a name, and shows in the record. */
export function OperatorsView({ query }: { readonly query: URLSearchParams }) {
  const texts = useTexts();
  const announce = useAnnounce();
  const [deed, setDeed] = useState<Deed>();
  const attention = useRemote('attention', () => api.attention({ limit: 100 }));
  const quarantine = useRemote('quarantine', () => api.quarantine({ limit: 100 }));
  const record = useRemote('operator actions', () => api.operatorActions({ limit: 50 }));
  const opened = idIn(query);
  const signal = useRemote(`quarantined signal ${opened}`, () =>
    opened === undefined ? NONE : api.quarantineEntry(opened),
  );
  const reloadAll = () => [attention, quarantine, record, signal].forEach(({ reload }) => reload());
  useLiveReload(reloadAll);
  const finish = (done: Deed) => {
    setDeed(undefined);
    announce(texts.operators.done[done.kind]);
    reloadAll();
  };
  return (
    <>
      <ViewHead title={texts.views.operators} lead={texts.operators.lead} />
      <div class="halves">
        <AttentionList attention={attention} onDeed={setDeed} />
        <QuarantineList quarantine={quarantine} onDeed={setDeed} />
      </div>
      {opened !== undefined && (
        <QuarantinedSignal
          key={opened}
          id={opened}
          signal={signal}
          onDeed={setDeed}
          onClose={() => go(hrefOf('operators'))}
        />
      )}
      <Record record={record} />
      {deed && (
        <Confirmation
          question={texts.operators.confirm[deed.kind]}
          onConfirm={(operator) => carryOut(deed, operator)}
          onDone={() => finish(deed)}
          onClose={() => {
            setDeed(undefined);
            reloadAll();
          }}
        />
      )}
    </>
  );
}

const NONE = Promise.resolve(undefined);

/** The number of the quarantine's entry that is looked at. */
function idIn(query: URLSearchParams): number | undefined {
  const id = Number(query.get('quarantine') ?? Number.NaN);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}
