import { expect, test } from 'vitest';
import { LOOK } from '../../core/choreography.js';
import type { AnyEvent } from '../../core/event.js';
import { Mailbox } from '../../core/workflow/mailbox.js';
import { Undecodable } from '../../core/workflow/payload-converter.js';
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

test.each([
  ['no payload', [], '[]'],
  ['two payloads', [{ eventId: '1' }, {}], '[{"eventId":"1"},{}]'],
  ['a text', ['1'], '["1"]'],
  ['null', [null], '[null]'],
  ['nothing', [undefined], '[null]'],
])('%s: an event has one payload, an object', (_, args, body) => {
  const mailbox = mailboxWith();
  mailbox.deliver('ParcelPostedEvent', args);
  expect(mailbox.isEmpty).toBe(true);
  expect([...mailbox.malformed.unreported(2).values()]).toEqual([
    { signalName: 'ParcelPostedEvent', reason: 'NOT_ONE_PAYLOAD', body, seen: 1 },
  ]);
});

test('an event that could not be decoded is put aside with its bytes', () => {
  const mailbox = mailboxWith();
  mailbox.deliver('ParcelPostedEvent', [new Undecodable('no JSON', new Uint8Array([0xff, 0x7b]))]);
  expect(mailbox.isEmpty).toBe(true);
  expect([...mailbox.malformed.unreported(2).values()]).toEqual([
    {
      signalName: 'ParcelPostedEvent',
      reason: 'UNDECODABLE',
      body: '[{"undecodable":"no JSON","bytes":"ff7b"}]',
      seen: 1,
    },
  ]);
});

/** Signals that nobody knows, of these texts. */
function mailboxWithJunk(...texts: readonly string[]): Mailbox {
  const mailbox = mailboxWith();
  for (const text of texts) mailbox.deliver('Junk', [text]);
  return mailbox;
}

test('of a long body as much is kept as the quarantine takes', () => {
  const { malformed } = mailboxWithJunk('x'.repeat(20_000));
  const [junk] = malformed.unreported(1).values();
  expect(junk?.body).toBe(`["${'x'.repeat(16_382)}`);
});

test('what is malformed is reported in the order of its arrival, so much at a time', () => {
  const { malformed } = mailboxWithJunk('a', 'b', 'a', 'c');
  const bodiesAndCounts = () => [...malformed.unreported(2).values()].map(({ body, seen }) => [body, seen]);
  expect(bodiesAndCounts()).toEqual([
    ['["a"]', 2],
    ['["b"]', 1],
  ]);
  malformed.reported(malformed.unreported(2));
  expect(bodiesAndCounts()).toEqual([['["c"]', 1]]);
  malformed.reported(malformed.unreported(2));
  expect([malformed.isReported, bodiesAndCounts()]).toEqual([true, []]);
});

test('a report holds 300,000 characters and no more', () => {
  const junk = (length: number) =>
    Array.from({ length }, (_, number) => String(number).padStart(15_000 - 'Junk\n[""]'.length));
  const reportedAtOnce = (length: number) => mailboxWithJunk(...junk(length)).malformed.unreported(50).size;
  expect([19, 20, 21].map(reportedAtOnce)).toEqual([19, 20, 20]);
});

test('what comes again while it is reported is reported again, with its new total', () => {
  const mailbox = mailboxWithJunk('a', 'b');
  const report = mailbox.malformed.unreported(2);
  mailbox.deliver('Junk', ['a']);
  mailbox.malformed.reported(report);
  const rest = [...mailbox.malformed.unreported(2).values()];
  expect(rest.map(({ body, seen }) => [body, seen])).toEqual([['["a"]', 2]]);
});
