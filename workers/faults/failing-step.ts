import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../db/store.js';

/** What stands between a decision and the act that it asks for. */
export type AroundAct<Act, Result> = (act: Act, perform: () => Promise<Result>) => Promise<Result>;

/** A store whose acts can fail, within the transaction that they are part of. */
export const failingStore = <Row, Act, Result>(
  store: Store<Row, Act, Result>,
  around: AroundAct<Act, Result>,
): Store<Row, Act, Result> => ({
  service: store.service,
  transaction: (work) =>
    store.transaction((tx) =>
      work({
        ...tx,
        perform: (orderId, act, now) => around(act, () => tx.perform(orderId, act, now)),
      }),
    ),
});

/** Carries a step out, or fails as a broken service would. */
export async function failStep<Result>(
  fault: 'NORMAL' | 'ERROR' | 'HANG',
  perform: () => Promise<Result>,
): Promise<Result> {
  switch (fault) {
    case 'NORMAL':
      return perform();
    case 'ERROR':
      throw new Error('a fault on demand: this step fails');
    case 'HANG':
      await sleep(HANG, undefined, { ref: false });
      return perform();
  }
}

/** After 4 s the step is given up, and PostgreSQL ends its idle transaction: what comes then finds no connection. */
const HANG = 5_000;
