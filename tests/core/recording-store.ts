import type { JournaledEvent } from '../../core/activity/inspection.js';
import type { Store, StoreTransaction } from '../../core/activity/store.js';
import type { EpochMillis } from '../../core/event.js';

export interface Parcel {
  readonly status: string;
}

/** What one effect finds in the database. */
export interface Found {
  readonly row?: Parcel;
  readonly appliedBy?: string;
  readonly databaseTime?: number;
  readonly journaled?: readonly JournaledEvent[];
  readonly undelivered?: readonly { readonly eventId: never; readonly type: string }[];
  /** What commands end with; without it the service carries out none. */
  readonly result?: string;
}

/** A store that writes down what it is asked to do, in order, and commits nothing. */
export function recordingStore({ row, appliedBy, databaseTime = 0, journaled = [], ...found }: Found) {
  const done: unknown[][] = [];
  const note =
    <T>(what: string, answer: T) =>
    (...args: readonly unknown[]) => {
      done.push([what, ...args]);
      return Promise.resolve(answer);
    };
  const tx: StoreTransaction<Parcel, string, string> = {
    now: () => Promise.resolve(databaseTime as EpochMillis),
    lock: note('lock', row ?? { status: 'NOTHING' }),
    read: note('read', row),
    save: note('save', undefined),
    ...(found.result !== undefined && { perform: note('perform', found.result) }),
    inbox: {
      find: note('find', { appliedBy, databaseTime: databaseTime as EpochMillis }),
      remember: note('remember', undefined),
    },
    journal: {
      find: (eventId, publisher) =>
        Promise.resolve(
          journaled.find(
            ({ event, publishedBy }) => event.payload.eventId === eventId && publishedBy === publisher,
          ) ?? journaled.find(({ event }) => event.payload.eventId === eventId),
        ),
      append: note('append', undefined),
      undelivered: note('undelivered', found.undelivered ?? []),
      countDrop: note('drop', undefined),
      quarantine: note('quarantine', undefined),
    },
  };
  const store: Store<Parcel, string, string> = { service: 'locker', transaction: (work) => work(tx) };
  return { store, done };
}
