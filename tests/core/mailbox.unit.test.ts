import { expect, test } from 'vitest';
import { LOOK } from '../../core/choreography.js';
import type { AnyEvent } from '../../core/event.js';
import { Mailbox } from '../../core/workflow/mailbox.js';
import { choreography } from '../../examples/hello-choreography/choreography.js';

const posted = (eventId: string, size = 30) =>
  ({ type: 'ParcelPostedEvent', payload: { eventId, size } }) as unknown as AnyEvent;
const stored = (eventId: string) =>
  ({ type: 'ParcelStoredEvent', payload: { eventId } }) as unknown as AnyEvent;

function mailboxWith(...events: readonly AnyEvent[]): Mailbox {
  const mailbox = new Mailbox(choreography);
  for (const { type, payload } of events) mailbox.deliver(type, [payload]);
  return mailbox;
}

/** Empties the mailbox. */
function takeAll(mailbox: Mailbox): readonly (AnyEvent | undefined)[] {
  const taken: (AnyEvent | undefined)[] = [];
  while (!mailbox.isEmpty) taken.push(mailbox.takeOther([]));
  return taken;
}

test('events are taken by type, in the order of their arrival', () => {
  const mailbox = mailboxWith(posted('1'), stored('2'), posted('3'));
  expect(mailbox.take(['ParcelStoredEvent'])).toEqual(stored('2'));
  expect(mailbox.take(['ParcelStoredEvent'])).toBeUndefined();
  expect(mailbox.takeOther(['ParcelPostedEvent'])).toBeUndefined();
  expect(mailbox.has(['ParcelPostedEvent', 'ParcelStoredEvent'])).toBe(true);
  expect(takeAll(mailbox)).toEqual([posted('1'), posted('3')]);
});

test('a copy of what waits is counted, and leaves it in its place', () => {
  const mailbox = mailboxWith(posted('1'), stored('2'), posted('1'), posted('1'));
  expect(takeAll(mailbox)).toEqual([posted('1'), stored('2')]);
  expect([mailbox.timesSeen(posted('1')), mailbox.timesSeen(stored('2'))]).toEqual([3, 1]);
});

test('an event that was used waits again when it comes again: the row decides', () => {
  const mailbox = mailboxWith(posted('1'));
  expect(takeAll(mailbox)).toEqual([posted('1')]);
  mailbox.deliver('ParcelPostedEvent', [posted('1').payload]);
  expect(mailbox.timesSeen(posted('1'))).toBe(2);
  expect(takeAll(mailbox)).toEqual([posted('1')]);
});

test('two events of one id and other content are two events', () => {
  const mailbox = mailboxWith(posted('1', 30), posted('1', 80));
  expect(mailbox.timesSeen(posted('1', 80))).toBe(1);
  expect(takeAll(mailbox)).toEqual([posted('1', 30), posted('1', 80)]);
});

test('an event that never came was seen no time', () => {
  expect(mailboxWith(posted('1')).timesSeen(stored('1'))).toBe(0);
});

test('10,000 signals, half of them copies, are all kept', () => {
  const numbers = Array.from({ length: 10_000 }, (_, number) => String(number % 5_000));
  const mailbox = mailboxWith(...numbers.map((number) => posted(number)));
  expect(takeAll(mailbox)).toEqual(numbers.slice(0, 5_000).map((number) => posted(number)));
  expect(mailbox.timesSeen(posted('4999'))).toBe(2);
});

test('a look is due until it is taken, however often it comes, and is no event', () => {
  const mailbox = mailboxWith();
  expect(mailbox.isLookDue).toBe(false);
  mailbox.deliver(LOOK, []);
  mailbox.deliver(LOOK, []);
  expect([mailbox.isLookDue, mailbox.isEmpty, mailbox.malformed.isReported]).toEqual([true, true, true]);
  mailbox.lookIsTaken();
  expect(mailbox.isLookDue).toBe(false);
});

test('a look that carries something is malformed', () => {
  const mailbox = mailboxWith();
  mailbox.deliver(LOOK, [{}]);
  expect(mailbox.isLookDue).toBe(false);
  expect([...mailbox.malformed.unreported(2).values()]).toEqual([
    { signalName: LOOK, reason: 'UNKNOWN_EVENT', body: '[{}]', seen: 1 },
  ]);
});
