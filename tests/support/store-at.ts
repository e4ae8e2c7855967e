import type { Store } from '../../core/activity/store.js';
import type { EpochMillis } from '../../core/event.js';

/** The same store, in a database whose clock shows what the test says. */
export const storeAt = <Row, Command, Result>(
  store: Store<Row, Command, Result>,
  now: () => number,
): Store<Row, Command, Result> => ({
  ...store,
  transaction: (work) =>
    store.transaction(({ inbox, ...tx }) =>
      work({
        ...tx,
        inbox: {
          ...inbox,
          find: async (key) => ({ ...(await inbox.find(key)), databaseTime: now() as EpochMillis }),
        },
      }),
    ),
});
