import { expect, test } from 'vitest';
import type { ServiceFaults } from '../../dashboard/api/documents.js';
import { isNormal, noFaults, switchesOf, withMode } from '../../dashboard/faults/switches.js';
import { participantUrl } from '../../dashboard/order/temporal-links.js';
import { hrefOf, parseRoute } from '../../dashboard/router.js';
import { en } from '../../dashboard/texts/en.js';
import {
  formatAge,
  formatCountdown,
  formatMoney,
  formatSpan,
  unitsIn,
} from '../../dashboard/texts/formats.js';
import { ko } from '../../dashboard/texts/ko.js';
import { asOperator, operatorName } from '../../dashboard/api/operator-header.js';

test('every text exists in every language, in its own letters', () => {
  const [english, korean] = [textsOf(en), textsOf(ko)];
  expect(korean.map(([path]) => path)).toEqual(english.map(([path]) => path));
  const empty = [...english, ...korean].filter(([, text]) => text.trim() === '');
  expect(empty).toEqual([]);
  const untranslated = korean.filter(([path, text]) => !/[가-힣]/.test(text) && !same.has(path));
  expect(untranslated).toEqual([]);
  expect(english.filter(([path, text]) => /[가-힣]/.test(text) && !same.has(path))).toEqual([]);
});

/** Texts that are the same in every language. */
const same = new Set(['tag', 'monitoring.p50', 'monitoring.p95']);

function textsOf(texts: object, path = ''): readonly (readonly [path: string, text: string])[] {
  return Object.entries(texts).flatMap(([name, value]: [string, unknown]) => {
    const here = path === '' ? name : `${path}.${name}`;
    if (typeof value === 'string') return [[here, value] as const];
    return typeof value === 'object' && value !== null ? textsOf(value, here) : [];
  });
}

test('the URL says what is shown', () => {
  expect(parseRoute('')).toMatchObject({ view: 'orders' });
  expect(parseRoute('#/orders/ABC')).toMatchObject({ view: 'order', orderId: 'abc' });
  expect(parseRoute('#/orders?status=COMPLETED').query.get('status')).toBe('COMPLETED');
  expect(parseRoute('#/monitoring')).toMatchObject({ view: 'monitoring' });
  expect(parseRoute('#/nowhere')).toMatchObject({ view: 'unknown' });
  expect(parseRoute('#/shop/more')).toMatchObject({ view: 'unknown' });
  expect(parseRoute(hrefOf('mails', { orderId: 'x' })).query.get('orderId')).toBe('x');
});

test('money, durations and countdowns', () => {
  expect(formatMoney({ amount: 1_999, currency: 'EUR' }, en)).toBe('€19.99');
  expect(formatMoney({ amount: 25_000, currency: 'KRW' }, ko)).toBe('₩25,000');
  expect([unitsIn('KRW'), unitsIn('EUR')]).toEqual([1, 100]);
  expect([42, 12_345, 185_000, 7_440_000].map((ms) => formatSpan(ms, en))).toEqual([
    '0.04 s',
    '12 s',
    '3 min 5 s',
    '2 h 4 min',
  ]);
  expect(formatAge(90_061_000, ko)).toBe('1일 1시간');
  expect(formatSpan(210_000, ko)).toBe('3분 30초');
  expect([299_001, 59_000, -5].map(formatCountdown)).toEqual(['5:00', '0:59', '0:00']);
});

test('the link to a participant follows from the link to all of them', () => {
  const link = 'http://127.0.0.1:8233/namespaces/default/workflows?query=OrderId%3D%22x%22';
  expect(participantUrl(link, 'payment', 'x')).toBe(
    'http://127.0.0.1:8233/namespaces/default/workflows/payment-x',
  );
});

test('a name in any alphabet survives the header', () => {
  for (const name of ['Mina', '민아', 'Zoë 100%']) expect(operatorName(asOperator(name).Operator)).toBe(name);
  expect(asOperator('민아').Operator).toMatch(/^[\x20-\x7e]+$/);
});

test('a service’s switches keep what the service has', () => {
  const deliveries = { duplicate: 0.2, delay: 0, reorder: 0, maxDelayMs: 100 };
  const answer = { allowed: true, changedAt: null, changedBy: null };
  const payment: ServiceFaults = { service: 'payment', charge: 'NORMAL', deliveries, ...answer };
  expect(withMode(switchesOf(payment), 'DECLINE')).toEqual({ charge: 'DECLINE', deliveries });
  const mail: Extract<ServiceFaults, { service: 'notification' }> = {
    service: 'notification',
    mail: { mode: 'NORMAL', refusals: 0 },
    deliveries,
    ...answer,
  };
  expect(withMode(switchesOf(mail), 'REFUSE').mail).toEqual({ mode: 'REFUSE', refusals: 1 });
  expect(isNormal(switchesOf(mail))).toBe(false);
  expect(isNormal(noFaults(withMode(switchesOf(mail), 'DOWN')))).toBe(true);
});
