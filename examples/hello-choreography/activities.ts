import { beginSaga, type Beginning } from '../../core/activity/begin.js';
import { IdempotentConsumer } from '../../core/activity/consumer.js';
import { change } from '../../core/activity/decision.js';
import type { EffectContext } from '../../core/activity/effect.js';
import type { Store } from '../../core/activity/store.js';
import { SchemaRegistry } from '../../core/avro/schema-registry.js';
import { causeOf, type Cause, type SagaId } from '../../core/event.js';
import { choreography, type Event } from './choreography.js';

export interface Parcel {
  readonly status: 'NOTHING' | 'POSTED' | 'DELIVERED' | 'RETURNED' | 'STORED' | 'REFUSED';
}
export const nothing: Parcel = { status: 'NOTHING' };
const schemas = new SchemaRegistry(choreography, new URL('./avro/', import.meta.url));
const contract = { choreography, schemas };
const consumerOf = (store: Store<Parcel>) => new IdempotentConsumer(contract, store, (row = nothing) => row);

/** Begins a saga: its row and its event, in one transaction. `size` is the parcel's longest side in cm. */
export const postParcel = (store: Store<Parcel>, parcelId: SagaId, size: number, cause: Cause) =>
  beginSaga(contract, store, parcelId, (): Beginning<Parcel> => ({
    row: { status: 'POSTED' },
    emit: { type: 'ParcelPostedEvent', data: { size }, cause },
  }));

export type CourierEffects = ReturnType<typeof courierEffects>;
export function courierEffects(store: Store<Parcel>) {
  const consumer = consumerOf(store);
  return {
    ...consumer.sharedEffects,
    deliver: (context: EffectContext, event: Event<'ParcelStoredEvent'>) =>
      consumer.consume(context, event, () => change({ status: 'DELIVERED' })),
    /** The compensation. */
    takeBack: (context: EffectContext, event: Event<'ParcelRefusedEvent'>) =>
      consumer.consume(context, event, () => change({ status: 'RETURNED' })),
  };
}

export type LockerEffects = ReturnType<typeof lockerEffects>;
export function lockerEffects(store: Store<Parcel>) {
  const consumer = consumerOf(store);
  return {
    ...consumer.sharedEffects,
    store: (context: EffectContext, event: Event<'ParcelPostedEvent'>) =>
      consumer.consume(context, event, () => {
        const emit = { data: {}, cause: causeOf(event) };
        return event.payload.size <= 50
          ? change({ status: 'STORED' }, { type: 'ParcelStoredEvent', ...emit })
          : change({ status: 'REFUSED' }, { type: 'ParcelRefusedEvent', ...emit });
      }),
  };
}
