import type { EmittedEvent, EpochMillis, SagaId } from '../event.js';
import { completeEvent } from './complete-event.js';
import type { Contract } from './inspection.js';
import type { Store } from './store.js';

/** What a request makes of a saga that has not begun: its first row, and the event that tells of it. */
export interface Beginning<Row> {
  readonly row: Begun<Row>;
  readonly emit: EmittedEvent;
}

/** The row of a saga that has begun. */
export type Begun<Row> = Exclude<Row, { readonly status: 'NOTHING' }>;

/**
 * Stores a saga's first row and its first event in one transaction and returns the row, or the row that is there where
 * the saga has begun already. The participant, once started, publishes the event: the journal is the outbox (R2). After
 * a lost answer it may be called again with the same id: it waits for the first call to end. `begin` is given the
 * database's clock.
 */
export const beginSaga = <Row extends { readonly status: string }, Command, Result>(
  contract: Contract,
  store: Store<Row, Command, Result>,
  sagaId: SagaId,
  begin: (now: EpochMillis) => Beginning<Row>,
): Promise<Begun<Row>> =>
  store.transaction(async (tx) => {
    const there = await tx.lock(sagaId);
    if (there.status !== 'NOTHING') return there as Begun<Row>;
    const now = await tx.now();
    const { row, emit } = begin(now);
    await tx.save(sagaId, row, now);
    await tx.journal.append(completeEvent(contract, sagaId, emit, now));
    return row;
  });
