import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { expect, test } from 'vitest';
import { committedHistories } from '../histories/committed.js';
import { shapeOf } from './shape.js';

const committed = committedHistories();
const jsonOf = (name: string) =>
  JSON.stringify(committed.find((one) => one.name === `next/${name}.json`)?.json);

/** Applies a change to what payloads hold, too. */
const changed = (json: string, change: (text: string) => string): string =>
  change(json).replace(/"data":"([^"]+)"/g, (_, data: string) => {
    const text = change(Buffer.from(data, 'base64').toString());
    return `"data":"${Buffer.from(text).toString('base64')}"`;
  });

/** The same run at another time, with other ids. */
function another(json: string): string {
  const ids = new Map<string, string>();
  const idFor = (id: string) => ids.get(id) ?? (ids.set(id, randomUUID()), ids.get(id) ?? '');
  return changed(json, (text) =>
    text
      .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, idFor)
      .replace(/\b17\d{11}\b/g, (time) => String(Number(time) + 4_711)),
  );
}

test.each(committed)(
  '$name: the same run at another time, with other ids, has the same shape',
  ({ json }) => {
    const text = JSON.stringify(json);
    expect(another(text)).not.toBe(text);
    expect(shapeOf(another(text))).toBe(shapeOf(text));
  },
);

test('no scene is lost: only first runs that take the very same steps have the same shape', () => {
  const byShape = new Map<string, string[]>();
  for (const { name, json } of committed.filter((history) => history.name.startsWith('next/'))) {
    const shape = shapeOf(JSON.stringify(json));
    byShape.set(shape, [...(byShape.get(shape) ?? []), path.basename(name, '.json')]);
  }
  const same = [...byShape.values()].filter((names) => names.length > 1).map((names) => names.sort());
  expect(same.sort()).toEqual([
    ['cancelled-while-charged.payment', 'reserved-after-the-refund.payment'],
    ['completed.inventory', 'released.inventory'],
    ['completed.order', 'followed-step-by-step.order', 'told-then-refunded.order'],
  ]);
});

const waiting = 'completed.order';
test.each([
  ['another event', waiting, 'PaymentCompletedEvent', 'PaymentFailedEvent'],
  ['another effect', waiting, 'markPaid', 'markUnpaid'],
  ['another outcome of an effect', waiting, '"status":"PAYMENT_COMPLETED"', '"status":"COMPLETED"'],
  ['another reason', 'payment-failed.payment', 'INSUFFICIENT_BALANCE', 'PAYMENT_ERROR'],
  [
    'something more to publish',
    waiting,
    '"unpublished":[]',
    '"unpublished":[{"eventId":"1","type":"OrderCancelledEvent"}]',
  ],
  ['a wait that ends in time', 'payment-timeout.order', 'TIMER_FIRED', 'TIMER_CANCELED'],
  ['another wait', waiting, 'waiting for the payment', 'waiting for the reservation'],
  ['an attempt that fails', 'parked.notification', 'ACTIVITY_TASK_FAILED', 'ACTIVITY_TASK_TIMED_OUT'],
  ['a status that is shown', waiting, '"COMPLETED"', '"OUT_OF_STOCK"'],
] as const)('%s is another shape', (_, name, from, to) => {
  const json = jsonOf(name);
  const other = changed(json, (text) => text.replaceAll(from, to));
  expect(other).not.toBe(json);
  expect(shapeOf(other)).not.toBe(shapeOf(json));
});

test('signals of one workflow task, and of two, are two shapes', () => {
  const { events } = JSON.parse(jsonOf(waiting)) as { events: { eventType: string }[] };
  const isSignal = ({ eventType }: { eventType: string }) => eventType.endsWith('EXECUTION_SIGNALED');
  const [first = NaN, second = NaN] = events.flatMap((event, index) => (isSignal(event) ? [index] : []));
  const together = events.toSpliced(second, 1).toSpliced(first + 1, 0, events[second] ?? { eventType: '' });
  expect(shapeOf(JSON.stringify({ events: together }))).not.toBe(shapeOf(jsonOf(waiting)));
});

test('an event that comes again is another shape than one of the same type with another content', () => {
  const { events } = JSON.parse(jsonOf(waiting)) as { events: { eventType: string }[] };
  const signal = events.find(({ eventType }) => eventType.endsWith('EXECUTION_SIGNALED'));
  const twice = JSON.stringify({ events: [signal, signal] });
  const other = changed(JSON.stringify(signal), (text) => text.replace('"amount":', '"amount":1'));
  expect(other).not.toBe(JSON.stringify(signal));
  expect(shapeOf(`{"events":[${JSON.stringify(signal)},${other}]}`)).not.toBe(shapeOf(twice));
});
