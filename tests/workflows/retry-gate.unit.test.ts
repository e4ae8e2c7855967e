import { expect, test } from 'vitest';
import type { Engine } from '../../core/workflow/engine.js';
import { Mailbox } from '../../core/workflow/mailbox.js';
import { isRetryRequest, RetryGate } from '../../core/workflow/retry-gate.js';
import { choreography } from '../../schemas/catalogue.js';

/** A gate that is open, in a run that is not woken up: what arrives now arrives in one workflow task. */
function openGate() {
  const mailbox = new Mailbox(choreography);
  const engine: Partial<Engine> = { describe: () => undefined, until: () => new Promise(() => undefined) };
  const gate = new RetryGate(mailbox, engine as Engine);
  const isOpenBefore = gate.isOpen;
  void gate.park(['PaymentCancelledEvent']);
  return { mailbox, gate, isOpenBefore };
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
