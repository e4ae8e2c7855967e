import { describe, expect, test } from 'vitest';
import type { JournaledEvent } from '../../core/activity/inspection.js';
import { createPublish, leftToDeliver } from '../../core/activity/outbox.js';
import type { AnyEvent } from '../../core/event.js';
import { choreography } from '../../examples/hello-choreography/choreography.js';
import { journaledAs, parcelPosted } from './parcel-events.js';

const posted = parcelPosted();
const { eventId } = posted.payload;

describe('an event that is published', () => {
  /** What was delivered and marked, in order; deliveries to `lost` fail. */
  const publish = async (journaled: JournaledEvent | undefined, lost?: string, among = choreography) => {
    const done: unknown[] = [];
    const outbox = {
      find: () => Promise.resolve(journaled),
      markDelivered: (...args: readonly unknown[]) => Promise.resolve(void done.push(['marked', ...args])),
    };
    const deliver = (subscriber: string, event: AnyEvent) => {
      if (subscriber === lost) return Promise.reject(new Error('lost'));
      done.push([subscriber, event]);
      return Promise.resolve();
    };
    const ended = await createPublish(
      among,
      outbox,
      deliver,
    )(eventId).then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    );
    return { done, ended };
  };

  test('reaches its subscribers, and is marked when all have it', async () => {
    expect(await publish(journaledAs(posted))).toEqual({
      done: [
        ['locker', posted],
        ['marked', eventId, ['locker']],
      ],
      ended: undefined,
    });
  });

  test('reaches several in the order of the catalogue, and those behind a delivery that fails not at all', async () => {
    const three = ['shop', 'locker', 'bank'];
    const catalogue = {
      ParcelPostedEvent: {
        ...{ version: 1, publisher: 'courier' },
        subscribers: three.map((service) => ({ service })),
      },
    };
    const among = { ...choreography, catalogue };
    const told = three.map((subscriber) => [subscriber, posted]);
    expect((await publish(journaledAs(posted), undefined, among)).done).toEqual([
      ...told,
      ['marked', eventId, three],
    ]);
    expect((await publish(journaledAs(posted), 'locker', among)).done).toEqual(told.slice(0, 1));
  });

  test('is not marked where a delivery fails', async () => {
    expect(await publish(journaledAs(posted), 'locker')).toEqual({ done: [], ended: 'lost' });
  });

  test('that has reached everybody is left alone, and so is one that the journal does not hold', async () => {
    const untouched = { done: [], ended: undefined };
    expect(await publish(journaledAs(posted, { deliveredTo: ['locker'] }))).toEqual(untouched);
    expect(await publish(undefined)).toEqual(untouched);
  });

  test('goes to those that a newer catalogue names, and keeps whom it has reached', async () => {
    const { done } = await publish(journaledAs(posted, { deliveredTo: ['elsewhere'] }));
    expect(done.at(-1)).toEqual(['marked', eventId, ['elsewhere', 'locker']]);
  });

  test('has whom it has yet to reach, or nobody, or an unknown type', () => {
    const nobody = {
      ...choreography,
      catalogue: { ParcelPostedEvent: { version: 1, publisher: 'courier', subscribers: [] } },
    };
    const isMarked = journaledAs(posted, { deliveredTo: [] });
    expect(leftToDeliver(choreography, journaledAs(posted))).toEqual(['locker']);
    expect(leftToDeliver(nobody, journaledAs(posted))).toEqual([]);
    expect(leftToDeliver(nobody, isMarked)).toBeUndefined();
    expect(leftToDeliver(choreography, journaledAs({ ...posted, type: 'Nonsense' }))).toBeUndefined();
  });
});
