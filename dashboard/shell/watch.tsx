import { createContext, type ComponentChildren } from 'preact';
import { useContext, useEffect } from 'preact/hooks';
import { limits } from '../../schemas/limits.js';
import { api } from '../api/api.js';
import { useRemote } from '../api/use-remote.js';
import { describeFaults } from '../faults/describe-faults.js';
import { faultsApi } from '../faults/faults-api.js';
import { isNormal, switchesOf } from '../faults/switches.js';
import type { ServiceFaults } from '../api/documents.js';
import { hrefOf } from '../router.js';
import { useTexts } from '../texts/language.js';
import { serviceName } from '../texts/names.js';

interface Watch {
  /** How many things need a person, as many as a page of the list holds. */
  readonly needAPerson: number;
  /** The services with a fault switched on. */
  readonly faulty: readonly ServiceFaults[];
  /** Looks at once. */
  readonly reload: () => void;
}

const WatchContext = createContext<Watch>({ needAPerson: 0, faulty: [], reload: () => undefined });

export const useWatch = (): Watch => useContext(WatchContext);

const EVERY_MS = 10_000;

/** What an operator has to know on every view. */
export function WatchProvider({ children }: { readonly children: ComponentChildren }) {
  const attention = useRemote('watched attention', () => api.attention({ limit: limits.page.max }));
  const faults = useRemote('watched faults', faultsApi.all);
  const reload = () => {
    attention.reload();
    faults.reload();
  };
  useEffect(() => {
    const timer = setInterval(() => document.hidden || reload(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const value = {
    needAPerson: attention.value?.attention.length ?? 0,
    faulty: (faults.value?.faults ?? []).filter((one) => !isNormal(switchesOf(one))),
    reload,
  };
  return <WatchContext.Provider value={value}>{children}</WatchContext.Provider>;
}

/** Names each service with a fault, and what is wrong with it on purpose. */
export function FaultsBanner() {
  const texts = useTexts();
  const { faulty } = useWatch();
  if (faulty.length === 0) return null;
  const named = faulty.map(
    (one) => `${serviceName(one.service, texts)}: ${describeFaults(switchesOf(one), texts)}`,
  );
  return (
    <div class="notice notice-attention faults-banner">
      <p>
        <span>
          <strong>{texts.faults.banner}</strong> {named.join('; ')}
        </span>
      </p>
      <a class="button" href={hrefOf('faults')}>
        {texts.faults.toSwitches}
      </a>
    </div>
  );
}
