import { createContext, type ComponentChildren } from 'preact';
import { useContext, useRef, useState } from 'preact/hooks';
import type { Placement } from '../api/documents.js';
import { KeptKey } from '../api/kept-key.js';
import { asProblem, type ApiProblem } from '../api/request.js';
import { useTexts } from '../texts/language.js';
import { placeAll } from './place-all.js';

interface State {
  readonly isPlacing: boolean;
  readonly done: number;
  readonly all: number;
  /** The last order placed. */
  readonly last: string | undefined;
  readonly problem: ApiProblem | undefined;
}

const nothing: State = { isPlacing: false, done: 0, all: 0, last: undefined, problem: undefined };

interface Placing {
  readonly state: State;
  /** Places the same order once or many times. Stops at the first refusal. */
  readonly place: (order: Placement, howMany: number) => void;
  readonly stop: () => void;
}

const PlacingContext = createContext<Placing>({
  state: nothing,
  place: () => undefined,
  stop: () => undefined,
});

export const usePlacing = (): Placing => useContext(PlacingContext);

/** Orders are placed on, whichever view is open. */
export function PlacingProvider({ children }: { readonly children: ComponentChildren }) {
  const [state, setState] = useState(nothing);
  const [key] = useState(() => new KeptKey());
  const stopping = useRef(new AbortController());
  const change = (part: Partial<State>) => setState((old) => ({ ...old, ...part }));
  const onPlaced = (last: string) => setState((old) => ({ ...old, last, done: old.done + 1 }));
  const place = async (order: Placement, howMany: number) => {
    stopping.current = new AbortController();
    setState({ ...nothing, isPlacing: true, all: howMany });
    try {
      await key.send({ order, howMany }, (itsKey) =>
        placeAll({ order, howMany, key: itsKey, stopping: stopping.current, onPlaced }),
      );
      change({ isPlacing: false });
    } catch (error) {
      change({ isPlacing: false, problem: asProblem(error) });
    }
  };
  const value = {
    state,
    place: (order: Placement, howMany: number) => void place(order, howMany),
    stop: () => stopping.current.abort(),
  };
  return <PlacingContext.Provider value={value}>{children}</PlacingContext.Provider>;
}

/** How far a burst is, on every view until it ends. */
export function BurstProgress() {
  const { form } = useTexts().orders;
  const { state, stop } = usePlacing();
  if (!state.isPlacing || state.all === 1) return null;
  return (
    <div class="notice notice-quiet burst">
      <label>
        {form.placing(state.done, state.all)} <progress max={state.all} value={state.done} />
      </label>
      <button type="button" class="button" onClick={stop}>
        {form.stop}
      </button>
    </div>
  );
}
