import { useRef, useState } from 'preact/hooks';
import { asProblem, type ApiProblem } from '../api/request.js';
import type { Change } from './order-list.js';

/** Applies to a list what is loaded for it, unless the list has been started over meanwhile. */
export function useLoading(change: (change: Change) => void) {
  const [problem, setProblem] = useState<ApiProblem>();
  const latest = useRef(0);
  const settle = async (loading: Promise<Change>) => {
    const generation = latest.current;
    const { loaded, failure } = await loading.then(
      (loaded) => ({ loaded, failure: undefined }),
      (error: unknown) => ({ loaded: { kind: 'failed' } as const, failure: asProblem(error) }),
    );
    if (generation !== latest.current) return;
    setProblem(failure);
    change(loaded);
  };
  const startOver = (loading: Promise<Change>) => {
    latest.current++;
    return settle(loading);
  };
  return { problem, settle, startOver };
}
