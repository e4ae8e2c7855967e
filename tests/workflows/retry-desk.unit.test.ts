import { expect, test } from 'vitest';
import type { Engine } from '../../core/workflow/engine.js';
import { Inbox } from '../../core/workflow/mailbox.js';
import { RetryDesk } from '../../core/workflow/retry-gate.js';

/** A desk that is open, in a run that is not woken up: what arrives now arrives in one workflow task. */
function openDesk() {
  const inbox = new Inbox();
  const engine: Partial<Engine> = { describe: () => undefined, until: () => new Promise(() => undefined) };
  const desk = new RetryDesk(inbox, engine as Engine);
  const isParkedBefore = desk.isParked;
  void desk.open(['PaymentCancelledEvent']);
  return { inbox, desk, isParkedBefore };
}

test('a request is taken only while the run is parked, and only the first one', () => {
  const { desk, isParkedBefore } = openDesk();
  expect(isParkedBefore).toBe(false);
  expect(desk.isParked).toBe(true);
  desk.ask({ key: 'first', operator: 'Kim' });
  expect(desk.isParked).toBe(false);
});

test('a request beside a cancellation comes too late: it would be answered and never recorded', () => {
  const { inbox, desk } = openDesk();
  inbox.deliver('OrderCreatedEvent', [{ eventId: 'other' }]);
  expect(desk.isParked).toBe(true);
  inbox.deliver('PaymentCancelledEvent', [{ eventId: 'cancelled' }]);
  expect(desk.isParked).toBe(false);
});
