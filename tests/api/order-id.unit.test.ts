import { expect, test } from 'vitest';
import { orderIdOf } from '../../api/order/order-id.js';
import type { CustomerId } from '../../schemas/ids.js';

const alice = 'alice' as CustomerId;
const bob = 'bob' as CustomerId;

test('the id under a key is the same for ever', () => {
  expect(orderIdOf(alice, 'a key')).toBe('620be64f-9d28-5a95-b254-0a86fcb84423');
});

test('a key is the customer’s own', () => {
  expect(orderIdOf(bob, 'a key')).not.toBe(orderIdOf(alice, 'a key'));
  expect(orderIdOf(alice, 'another key')).not.toBe(orderIdOf(alice, 'a key'));
});

test('without a key every order is another one', () => {
  expect(orderIdOf(alice, undefined)).not.toBe(orderIdOf(alice, undefined));
});
