import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { eventTypes } from '../../schemas/catalogue.js';
import { services } from '../../schemas/services.js';

const core = fileURLToPath(new URL('../../core', import.meta.url));

/** Words of the shop, in the singular; `stocks`, `refunded` and `chargedAt` count as well. */
const shopWords = [
  ...services.filter((service) => service !== 'order'),
  ...[
    'customer',
    'wallet',
    'balance',
    'stock',
    'refund',
    'charge',
    'debit',
    'credit',
    'sku',
    'shop',
    'product',
  ],
  ...['money', 'price', 'currency', 'amount', 'paid', 'pay', 'cart', 'checkout', 'reserve', 'reservation'],
  ...['mail', 'email', 'smtp', 'placement'],
];

/** Plain English that has nothing to do with a customer's order. */
const plainOrder = /\b(in|the|no|same|reverse|whose|catalogue's) order\b|\border (in|of|by)\b/gi;

/** The shop's words in a text, as they stand there: identifiers are taken apart at capitals and underscores. */
function shopWordsIn(text: string): readonly string[] {
  const words = text
    .replaceAll(plainOrder, '')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .map((word) => word.toLowerCase());
  const isShopWord = (word: string) =>
    [...shopWords, 'order'].some((name) => formsOf(name).includes(word)) ||
    eventTypes.some((type) => type.toLowerCase() === word);
  return words.filter(isShopWord);
}

const formsOf = (word: string): readonly string[] => {
  const stem = word.replace(/e$/, '');
  return [word, `${word}s`, `${stem}ed`, `${stem}ing`];
};

const files = readdirSync(core, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /[.](ts|sql)$/.test(name),
);

test('there is a core to look at', () => {
  expect(files).toContain(path.join('postgres', 'journal.sql'));
  expect(files.length).toBeGreaterThan(30);
});

test.each(files)('core/%s names nothing of the shop', (name) => {
  const lines = [name, ...readFileSync(path.join(core, name), 'utf8').split('\n')];
  const found = lines.flatMap((line, number) => shopWordsIn(line).map((word) => `line ${number}: ${word}`));
  expect(found).toEqual([]);
});

test.each([
  ['const orderId = 1;', 'order'],
  ['select order_id from t', 'order'],
  ['ORDER_STATUS', 'order'],
  ["'payment'", 'payment'],
  ['/** Refunds what was charged. */', 'refunds'],
  ['reservedItems', 'reserved'],
  ['it charges the wallet', 'charges'],
] as const)('a shop word is found in: %s', (text, word) => {
  expect(shopWordsIn(text)).toContain(word);
});

test.each([
  'select 1 from t order by seq',
  'in the order of delivery, in order',
  'class Mailbox { border; reordered }',
  'the recipient is addressed',
])('no shop word is found in: %s', (text) => {
  expect(shopWordsIn(text)).toEqual([]);
});
