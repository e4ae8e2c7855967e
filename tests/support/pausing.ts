import type { Store } from '../../core/activity/store.js';

/** The same store, with a pause before it carries out a command or saves a row. */
export const pausing = <Row, Command, Result>(
  store: Store<Row, Command, Result>,
  step: 'perform' | 'save',
  pause: () => Promise<unknown> = () => Promise.resolve(),
): Store<Row, Command, Result> => ({
  ...store,
  transaction: (work) =>
    store.transaction((tx) => {
      const real = { ...tx } as unknown as Readonly<
        Record<string, (...args: readonly unknown[]) => Promise<unknown>>
      >;
      const paused = async (...args: readonly unknown[]) => {
        await pause();
        return real[step]?.(...args);
      };
      return work({ ...tx, ...(real[step] && { [step]: paused }) });
    }),
});
