import { expect, test } from 'vitest';
import { deliveryOf, keyword, participantOf } from '../../core/activity/delivery.js';
import type { AnyEvent } from '../../core/event.js';
import { choreography } from '../../examples/hello-choreography/choreography.js';
import { sagaId } from './scripted-engine.js';

const participant = {
  workflowId: `locker-${sagaId}`,
  taskQueue: 'locker',
  staticSummary: `locker of parcel ${sagaId}`,
  typedSearchAttributes: [{ key: { name: 'ParcelId', type: 'KEYWORD' }, value: sagaId }],
};

test('a participant is found by its id, and shown with whose it is', () => {
  expect(participantOf(choreography, 'locker', sagaId)).toEqual(participant);
  expect(keyword('ParcelStatus', 'POSTED')).toEqual({
    key: { name: 'ParcelStatus', type: 'KEYWORD' },
    value: 'POSTED',
  });
});

test('an event is a signal of its type, which starts the participant with the id alone', () => {
  const payload = { eventId: 'posted', parcelId: sagaId };
  expect(
    deliveryOf(choreography, 'locker', { type: 'ParcelPostedEvent', payload } as unknown as AnyEvent),
  ).toEqual({ ...participant, args: [sagaId], signal: 'ParcelPostedEvent', signalArgs: [payload] });
});
