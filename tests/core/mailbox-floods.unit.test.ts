import { expect, test } from 'vitest';
import type { AnyEvent } from '../../core/event.js';
import { Mailbox } from '../../core/workflow/mailbox.js';
import { WaitingEvents } from '../../core/workflow/waiting-events.js';
import { choreography } from '../../schemas/catalogue.js';
import { nestedJson } from '../support/poison.js';

const ONE = 'InventoryReservedEvent';
const OTHER = 'OrderCancelledEvent';

/** Counts every access to the values that it watches. */
function counter() {
  let accesses = 0;
  const counted = <Value>(result: Value): Value => {
    accesses++;
    return result;
  };
  const watch = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get: (...access) => counted(Reflect.get(...access) as unknown),
      ownKeys: (...access) => counted(Reflect.ownKeys(...access)),
    });
  return { watch, accesses: () => accesses };
}

/** A flood to a participant that waits for something else, and then uses it up. */
function floodMailbox(signals: number): number {
  const { watch, accesses } = counter();
  const mailbox = new Mailbox(choreography);
  for (let number = 0; number < signals; number++) {
    mailbox.deliver(ONE, [watch({ eventId: `event ${number}`, number })]);
    expect(mailbox.has([OTHER])).toBe(false);
  }
  for (let event = mailbox.takeOther([OTHER]); event; event = mailbox.takeOther([OTHER]))
    expect(mailbox.timesSeen(event)).toBe(1);
  expect(mailbox.isEmpty).toBe(true);
  return accesses();
}

/** A flood of copies of one event. */
function floodWithRepeats(signals: number): number {
  const { watch, accesses } = counter();
  const mailbox = new Mailbox(choreography);
  const event = { type: ONE, payload: watch({ eventId: 'event' }) } as unknown as AnyEvent;
  for (let number = 0; number < signals; number++) mailbox.deliver(ONE, [event.payload]);
  expect(mailbox.take([ONE])).toEqual(event);
  expect([mailbox.timesSeen(event), mailbox.isEmpty]).toEqual([signals, true]);
  return accesses();
}

/** How often the type of an event is asked for while events of two types come, are looked for, and go. */
function floodQueue(signals: number): number {
  const { watch, accesses } = counter();
  const waiting = new WaitingEvents();
  for (let number = 0; number < signals; number++) {
    waiting.add(watch({ type: number % 2 === 0 ? ONE : OTHER }) as AnyEvent);
    waiting.has(['PaymentFailedEvent']);
  }
  while (!waiting.isEmpty) waiting.take([ONE, OTHER]);
  return accesses();
}

test.each([
  ['a flood of junk', floodMailbox],
  ['a flood of repeats', floodWithRepeats],
  ['a flood of two types', floodQueue],
])('%s: ten times the signals are ten times the work', (_, flood) => {
  const work = flood(1_000);
  expect(work).toBeGreaterThan(0);
  expect(flood(10_000) / work).toBeCloseTo(10, 1);
});

test('events come out in the order of their arrival, whatever their types', () => {
  const waiting = new WaitingEvents();
  const events = [ONE, OTHER, OTHER, ONE, OTHER].map(
    (type, number) => ({ type, number }) as unknown as AnyEvent,
  );
  events.forEach((event) => waiting.add(event));
  expect(waiting.take([OTHER])).toBe(events[1]);
  expect(waiting.takeOther([])).toBe(events[0]);
  expect(waiting.take([ONE, OTHER])).toBe(events[2]);
  expect(waiting.takeOther([OTHER])).toBe(events[3]);
  expect(waiting.has([ONE])).toBe(false);
  expect(waiting.take([ONE])).toBeUndefined();
  expect(waiting.take([ONE, OTHER])).toBe(events[4]);
  expect(waiting.isEmpty).toBe(true);
});

test('2,000 kinds of junk are each reported once, in reports of a bounded length', () => {
  const mailbox = new Mailbox(choreography);
  for (let number = 0; number < 2_000; number++)
    mailbox.deliver('Junk', [{ number, text: '한'.repeat(9_000) }]);
  const lengths: number[] = [];
  let reported = 0;
  while (!mailbox.malformed.isReported) {
    const report = mailbox.malformed.unreported(50);
    expect(report.size).toBeGreaterThan(0);
    mailbox.malformed.reported(report);
    reported += report.size;
    lengths.push(Buffer.byteLength(JSON.stringify([...report.values()])));
  }
  expect(reported).toBe(2_000);
  expect(Math.max(...lengths)).toBeLessThan(1_000_000);
});

test.each([ONE, 'Junk', '__temporal_x'])('%s, however deep, is put aside and nothing is thrown', (name) => {
  const mailbox = new Mailbox(choreography);
  for (const levels of [64, 5_000, 20_000, 500_000])
    mailbox.deliver(name, [{ eventId: JSON.parse(nestedJson(levels)) as unknown }]);
  expect(mailbox.isEmpty).toBe(true);
  expect([...mailbox.malformed.unreported(50).values()]).toEqual([
    { signalName: name, reason: 'UNDECODABLE', body: '"nested deeper than 64 levels"', seen: 4 },
  ]);
});

test('of a long name as much is kept as an index of the quarantine can hold', () => {
  const mailbox = new Mailbox(choreography);
  mailbox.deliver('이'.repeat(10_000), []);
  expect([...mailbox.malformed.unreported(1).values()]).toEqual([
    { signalName: '이'.repeat(200), reason: 'UNKNOWN_EVENT', body: '[]', seen: 1 },
  ]);
});
