import { expect, test } from 'vitest';
import { LOOK } from '../../core/choreography.js';
import type { Engine } from '../../core/workflow/engine.js';
import { Mailbox } from '../../core/workflow/mailbox.js';
import { isRetryRequest, RetryGate } from '../../core/workflow/retry-gate.js';
import { choreography } from '../../schemas/catalogue.js';

/** A gate that is open, in a run that is woken up by hand: what arrives before arrives in one workflow task. */
function openGate() {
  const mailbox = new Mailbox(choreography);
  let wakeUp = () => undefined as void;
  const until = () => new Promise<void>((resolve) => (wakeUp = resolve));
  const engine: Partial<Engine> = { describe: () => undefined, until };
  const gate = new RetryGate(mailbox, engine as Engine);
  const isOpenBefore = gate.isOpen;
  const parked = gate.park(['PaymentCancelledEvent'], () => mailbox.isLookDue);
  return { mailbox, gate, isOpenBefore, parked, wakeUp: () => wakeUp() };
}

test('a request is accepted only while the run is parked, and only the first one', () => {
  const { gate, isOpenBefore } = openGate();
  expect(isOpenBefore).toBe(false);
  expect(gate.isOpen).toBe(true);
  gate.request('first', 'Kim');
  expect(gate.isOpen).toBe(false);
});

test('a request beside a cancellation comes too late: it would be accepted and never recorded', () => {
  const { mailbox, gate } = openGate();
  mailbox.deliver('OrderCreatedEvent', [{ eventId: 'other' }]);
  expect(gate.isOpen).toBe(true);
  mailbox.deliver('PaymentCancelledEvent', [{ eventId: 'cancelled' }]);
  expect(gate.isOpen).toBe(false);
});

test.each([
  ['no argument', []],
  ['nothing', [undefined]],
  ['null', [null]],
  ['text', ['Kim']],
  ['a list', [['Kim']]],
  ['no name', [{}]],
  ['null for a name', [{ operator: null }]],
  ['an empty name', [{ operator: '' }]],
  ['a name with NUL', [{ operator: 'Ki\0m' }]],
  ['a name of two lines', [{ operator: 'Ki\nm' }]],
  ['half a surrogate pair', [{ operator: '\ud800' }]],
  ['a name that is too long', [{ operator: 'x'.repeat(201) }]],
  ['a name that is an object', [{ operator: { toString: 'Kim' } }]],
  ['two arguments', [{ operator: 'Kim' }, { operator: 'Lee' }]],
])('%s is no request', (_, args) => {
  expect(isRetryRequest('id', args)).toBe(false);
});

test.each(['', 'a\0b', 'x'.repeat(201)])('an Update of the id %j is no request', (id) => {
  expect(isRetryRequest(id, [{ operator: 'Kim' }])).toBe(false);
});

test.each(['Kim', '김 안나', 'x'.repeat(200), '👩‍🔧'])(
  '%s can ask, also with fields that nobody knows',
  (operator) => {
    expect(isRetryRequest('id', [{ operator, why: ['anything'] }])).toBe(true);
  },
);

test('a look ends the parking with nothing, and the next request finds the run parked no more', async () => {
  const { mailbox, gate, parked, wakeUp } = openGate();
  mailbox.deliver(LOOK, []);
  wakeUp();
  expect(await parked).toBeUndefined();
  expect(gate.isOpen).toBe(false);
});

test('a request wins over a look: it was accepted', async () => {
  const { mailbox, gate, parked, wakeUp } = openGate();
  mailbox.deliver(LOOK, []);
  expect(gate.isOpen).toBe(true);
  gate.request('first', 'Kim');
  wakeUp();
  expect(await parked).toEqual({ type: 'RETRY', key: 'first', operator: 'Kim' });
});

test('a cancellation wins over a look', async () => {
  const { mailbox, parked, wakeUp } = openGate();
  mailbox.deliver(LOOK, []);
  mailbox.deliver('PaymentCancelledEvent', [{ eventId: 'cancelled' }]);
  wakeUp();
  expect(await parked).toMatchObject({ type: 'PaymentCancelledEvent' });
});
