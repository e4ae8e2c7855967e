import { expect, test } from 'vitest';
import { readSearch } from '../../dashboard/orders/search.js';

const customers = [
  { customerId: 'alice', name: 'Alice' },
  { customerId: 'c-1', name: '김민아' },
  { customerId: 'dead-beef', name: 'Ada' },
];
const ID = '575a01e7-6a98-519c-a25f-9dc2ceb3d54f';
const orders = (part: { id?: string; customerId?: string }) => ({
  kind: 'orders',
  id: null,
  customerId: null,
  ...part,
});

test.each([
  ['', orders({})],
  [' 575A01E7 ', orders({ id: '575a01e7' })],
  ['575a', orders({ id: '575a' })],
  ['575a01e7-6a98', orders({ id: '575a01e7-6a98' })],
  [ID.toUpperCase(), { kind: 'order', orderId: ID }],
  ['alice', orders({ customerId: 'alice' })],
  ['ALICE', orders({ customerId: 'alice' })],
  ['김민아', orders({ customerId: 'c-1' })],
  // A customer who is known comes before the beginning of an id.
  ['dead-beef', orders({ customerId: 'dead-beef' })],
  ['ada', orders({ customerId: 'dead-beef' })],
  // One whom the page does not know.
  ['customer-99', orders({ customerId: 'customer-99' })],
  ['575', orders({ customerId: '575' })],
  ['누구', undefined],
  ['a b', undefined],
])('“%s”', (typed, found) => {
  expect(readSearch(typed, customers)).toEqual(found);
});
