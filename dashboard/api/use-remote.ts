import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { asProblem, type ApiProblem } from './request.js';

/** What was asked for, as far as it has come. A reload keeps showing the old value until the new one is there. */
export interface Remote<Value> {
  readonly value: Value | undefined;
  readonly problem: ApiProblem | undefined;
  readonly reload: () => void;
}

/** Loads when first shown and whenever `key` changes; an answer to a question that nobody asks any more is ignored. */
export function useRemote<Value>(key: string, load: () => Promise<Value>): Remote<Value> {
  const [answer, setAnswer] = useState<Answer<Value>>({ key });
  const latest = useRef(load);
  latest.current = load;
  const [round, setRound] = useState(0);
  useEffect(() => {
    let asked = true;
    latest.current().then(
      (value) => asked && setAnswer({ key, value }),
      (error: unknown) => asked && setAnswer((old) => ({ ...old, key, problem: asProblem(error) })),
    );
    return () => void (asked = false);
  }, [key, round]);
  const reload = useCallback(() => setRound((now) => now + 1), []);
  const current = answer.key === key ? answer : { key, value: undefined, problem: undefined };
  return { value: current.value, problem: current.problem, reload };
}

interface Answer<Value> {
  readonly key: string;
  readonly value?: Value;
  readonly problem?: ApiProblem;
}
