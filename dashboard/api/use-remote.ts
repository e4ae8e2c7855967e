import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { asProblem, type ApiProblem } from './request.js';

/** A value being loaded. A reload keeps the old value until the new one arrives. */
export interface Remote<Value> {
  readonly value: Value | undefined;
  readonly problem: ApiProblem | undefined;
  readonly reload: () => void;
}

/** Loads on mount and whenever `key` changes. A response to an outdated request is ignored. */
export function useRemote<Value>(key: string, load: () => Promise<Value>): Remote<Value> {
  const [response, setResponse] = useState<Loaded<Value>>({ key });
  const latest = useRef(load);
  latest.current = load;
  const [reloads, setReloads] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    latest.current().then(
      (value) => isCurrent && setResponse({ key, value }),
      (error: unknown) => isCurrent && setResponse((old) => ({ ...old, key, problem: asProblem(error) })),
    );
    return () => void (isCurrent = false);
  }, [key, reloads]);
  const reload = useCallback(() => setReloads((now) => now + 1), []);
  const current = response.key === key ? response : { key, value: undefined, problem: undefined };
  return { value: current.value, problem: current.problem, reload };
}

interface Loaded<Value> {
  readonly key: string;
  readonly value?: Value;
  readonly problem?: ApiProblem;
}
