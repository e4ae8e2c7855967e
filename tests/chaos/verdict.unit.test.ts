import { expect, test } from 'vitest';
import { compareMails, countMails } from '../../tools/chaos/mails.js';
import { reportOf, tableOf, type Outcome } from '../../tools/chaos/report.js';

test('mails are counted by order; a line that was cut short is none', () => {
  const text = '\n{"orderId":"a","messageId":"1"}\n{"orderId":"a","messageId":"1"}\n{"orderId":"b","mess';
  expect(countMails(text)).toEqual(new Map([['a', 2]]));
});

test('a mail that is missing, one too many, and one that the order does not know of are found', () => {
  const order = { orderId: 'a', status: 'COMPLETED', isTold: true, attempts: 1 };
  const failed = { ...order, status: 'OUT_OF_STOCK', isTold: false };
  const compare = (count: number, one = order, forgotten: readonly string[] = []) =>
    compareMails(new Map([['a', count]]), [one], new Set(forgotten));
  expect(compare(1)).toEqual([]);
  expect(compare(0)).toEqual(['a: completed, and there is no mail']);
  expect(compare(2)).toEqual(['a: 2 mails, of 1 attempts that may have succeeded']);
  expect(compare(2, { ...order, attempts: 2 })).toEqual([]);
  expect(compare(2, order, ['a'])).toEqual([]);
  expect(compare(0, order, ['a'])).toEqual(['a: completed, and there is no mail']);
  expect(compare(0, failed)).toEqual([]);
  expect(compare(1, failed)).toEqual(['a: OUT_OF_STOCK, and it does not know of its mail']);
});

const standing = (orderId: string, status: string, reason: string | null = null) => ({
  orderId,
  status,
  reason,
  isFinal: true,
  isParked: false,
});
const outcome: Outcome = {
  seed: 5,
  planned: { faults: 4, orders: 3 },
  seconds: 125,
  struck: [
    { kind: 'frozen', inFlight: ['a'] },
    { kind: 'killed', inFlight: ['a', 'b'] },
    { kind: 'killed', inFlight: undefined },
    { kind: 'killed', inFlight: ['c'] },
  ],
  standings: [
    standing('a', 'COMPLETED'),
    standing('b', 'PAYMENT_FAILED', 'PAYMENT_TIMEOUT'),
    standing('c', 'COMPLETED'),
  ],
  placedAgain: new Set(['c']),
  retried: new Set(['a']),
  restedAfter: 1_600,
  findings: [],
  left: { 'full disk': 'no right to mount' },
  command: 'npm run chaos -- --orders 3',
};

test('the table counts, by kind of fault, the orders that were in flight, and how they ended', () => {
  expect(tableOf(outcome)).toEqual([
    ['killed', '3', '3', '2', '2', '1', '0', '1'],
    ['frozen', '1', '1', '1', '1', '0', '0', '1'],
    ['all', '4', '4', '2', '3', '1', '0', '2'],
  ]);
});

test('the report has the table, how all orders ended, what was left out, and what was found', () => {
  const report = reportOf(outcome);
  expect(report).toContain('**4 faults over 3 orders** in 2 min (seed 5;');
  expect(report).toContain(
    'planned). The audit is clean. The last order came to rest 2 s after the last fault.',
  );
  expect(report).toContain('that an operator retried: 1. Orders that were accepted');
  expect(report).toContain('| killed | 3 | 3 | 2 | 2 | 1 | 0 | 1 |');
  expect(report).toContain('| COMPLETED |  | 2 |\n| PAYMENT_FAILED | PAYMENT_TIMEOUT | 1 |');
  expect(report).toContain('- full disk: no right to mount');
  expect(reportOf({ ...outcome, findings: ['a: lost'] })).toMatch(/1 findings[.].*- a: lost\n/s);
});
