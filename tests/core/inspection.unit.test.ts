import { describe, expect, test } from 'vitest';
import { inspectEvent, journaledIdOf, type JournaledEvent } from '../../core/activity/inspection.js';
import { contract, correlationId, journaledAs, parcelPosted } from './parcel-events.js';
import { sagaId } from './scripted-engine.js';

const posted = parcelPosted();
const { eventId } = posted.payload;

const finding = (journaled?: JournaledEvent) => {
  const asked: unknown[] = [];
  const findJournaled = (...args: readonly unknown[]) => {
    asked.push(args);
    return Promise.resolve(journaled);
  };
  return { asked, findJournaled };
};

const inspect = (
  event: { readonly type: string; readonly payload: unknown },
  journaled: JournaledEvent | undefined = journaledAs(posted),
  service = 'locker',
) => inspectEvent(contract, event, { service, sagaId, findJournaled: finding(journaled).findJournaled });

describe('an event that is signalled', () => {
  test('passes where schema, journal and catalogue agree to it', async () => {
    const { asked, findJournaled } = finding(journaledAs(posted));
    expect(await inspectEvent(contract, posted, { service: 'locker', sagaId, findJournaled })).toEqual({
      event: posted,
    });
    expect(asked).toEqual([[eventId, 'courier_service']]);
  });

  const nested = { a: {} };
  for (let levels = 0, at: { a: object } = nested; levels < 70; levels++) at = at.a = { a: {} };

  test.each([
    [
      'nested too deep',
      { ...posted, payload: nested },
      undefined,
      'UNDECODABLE',
      'nested deeper than 64 levels',
    ],
    [
      'of another shape',
      parcelPosted({ size: 'large' }),
      undefined,
      'SCHEMA',
      expect.stringContaining('size') as string,
    ],
    [
      'of another saga',
      parcelPosted({ parcelId: correlationId }),
      undefined,
      'OTHER_SAGA',
      `its parcelId is ${correlationId}`,
    ],
    [
      'of other content',
      parcelPosted({ size: 31 }),
      undefined,
      'OTHER_CONTENT',
      'the journal holds other content under this id',
    ],
    [
      'of another type in the journal',
      posted,
      journaledAs({ ...posted, type: 'ParcelStoredEvent' }),
      'OTHER_CONTENT',
      'the journal holds other content under this id',
    ],
    [
      'of another publisher',
      posted,
      journaledAs(posted, { publishedBy: 'locker_service' }),
      'WRONG_PUBLISHER',
      'written by locker_service, expected courier_service',
    ],
  ] as const)('%s is refused', async (_, event, journaled, reason, detail) => {
    expect((await inspect(event, journaled)).refusal).toMatchObject({ reason, detail });
  });

  test('of a newer version passes as it came, and is reduced to what is declared here', async () => {
    const newer = parcelPosted({ version: 2, colour: 'red' });
    expect(await inspect(newer, journaledAs(newer))).toStrictEqual({
      event: { ...posted, payload: { ...posted.payload, version: 2 } },
    });
    const other = parcelPosted({ version: 2, colour: 'blue' });
    expect((await inspect(newer, journaledAs(other))).refusal).toMatchObject({ reason: 'OTHER_CONTENT' });
  });

  test('that the journal does not hold is refused', async () => {
    const recipient = { service: 'locker', sagaId, findJournaled: finding().findJournaled };
    expect(await inspectEvent(contract, posted, recipient)).toEqual({
      refusal: { reason: 'NOT_IN_JOURNAL', detail: 'the journal holds no event of this id' },
    });
  });

  test('to a service that the catalogue does not name is refused', async () => {
    expect((await inspect(posted, journaledAs(posted), 'courier')).refusal).toEqual({
      reason: 'NOT_ADDRESSED',
      detail: 'the catalogue does not address it to courier',
    });
  });

  test('says of each field what was expected and what was found', async () => {
    const { refusal } = await inspect(parcelPosted({ size: 'large', correlationId: 'x' }));
    expect(refusal?.problems?.map(({ path }) => path).sort()).toEqual(['correlationId', 'size']);
    const texts = refusal?.problems?.map(
      ({ path, expected, found }) => `${path}: expected ${expected}, found ${found}`,
    );
    expect(refusal?.detail).toBe(texts?.join('; '));
  });
});

describe('the id of an event that was refused', () => {
  const idOf = (event: { readonly type: string; readonly payload: unknown }, journaled?: JournaledEvent) =>
    journaledIdOf(contract, event, finding(journaled).findJournaled);

  test('is known where the journal holds this very one', async () => {
    expect(await idOf(posted, journaledAs(posted))).toBe(eventId);
  });

  test.each([
    ['no payload', { ...posted, payload: undefined }],
    ['null', { ...posted, payload: null }],
    ['no id', { ...posted, payload: {} }],
    ['an id that is none', parcelPosted({ eventId: 'x' })],
    ['an unknown type', { ...posted, type: 'Nonsense' }],
    ['other content', parcelPosted({ size: 31 })],
  ])('is not known for %s', async (_, event) => {
    expect(await idOf(event, journaledAs(posted))).toBeNull();
  });

  test('is not known where the journal has nothing', async () => {
    expect(await idOf(posted)).toBeNull();
  });
});
