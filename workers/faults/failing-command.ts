import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../core/activity/store.js';

/** What stands between a decision and the command that it asks for. */
export type AroundCommand<Command, Result> = (
  command: Command,
  perform: () => Promise<Result>,
) => Promise<Result>;

/** A store whose commands can fail, within the transaction that they are part of. */
export const failingStore = <Row, Command, Result>(
  store: Store<Row, Command, Result>,
  around: AroundCommand<Command, Result>,
): Store<Row, Command, Result> => ({
  service: store.service,
  transaction: (work) =>
    store.transaction(({ perform, ...tx }) =>
      work({
        ...tx,
        ...(perform && {
          perform: (sagaId, command, now) => around(command, () => perform(sagaId, command, now)),
        }),
      }),
    ),
});

/** Carries a command out, or fails as a broken service would. */
export async function failCommand<Result>(
  fault: 'NORMAL' | 'ERROR' | 'HANG',
  perform: () => Promise<Result>,
): Promise<Result> {
  switch (fault) {
    case 'NORMAL':
      return perform();
    case 'ERROR':
      throw new Error('a fault on demand: this command fails');
    case 'HANG':
      await sleep(HANG, undefined, { ref: false });
      return perform();
  }
}

/** After 4 s the effect is given up, and PostgreSQL ends its idle transaction: what comes then finds no connection. */
const HANG = 5_000;
