import { expect, test } from 'vitest';
import { Delay } from '../../db/feed/delay.js';
import { BEGINNING } from '../../db/feed/entry-id.js';
import type { FeedEntry, FeedPage } from '../../db/feed/entries.js';

const page = (isHeldBack: boolean, entries: readonly FeedEntry[] = []): FeedPage => ({
  entries,
  isHeldBack,
  hasMore: false,
  through: BEGINNING,
});
const entry = { id: BEGINNING, orderId: 'an order', kind: 'status', data: {} } as unknown as FeedEntry;
const [stuck, free] = [page(true), page(false)];

/** What is told of pages, each with the second at which it was read. */
function toldOf(...pages: readonly (readonly [second: number, page: FeedPage])[]) {
  const told: (string | undefined)[] = [];
  const delay = new Delay((since) => told.push(since?.toISOString().slice(17, 19)));
  for (const [second, read] of pages) delay.note(read, new Date(second * 1_000));
  return told;
}

test('a feed that is stuck for five seconds is behind since the first of them, and that is told once', () => {
  expect(toldOf([1, stuck], [5, stuck])).toEqual([]);
  expect(toldOf([1, stuck], [6, stuck], [7, stuck])).toEqual(['01']);
});

test('that it goes on is told once, and only where it was behind', () => {
  expect(toldOf([1, stuck], [6, stuck], [7, free], [8, free])).toEqual(['01', undefined]);
  expect(toldOf([1, stuck], [2, free], [3, stuck], [7, stuck])).toEqual([]);
  expect(toldOf([1, stuck], [6, stuck], [7, free], [8, stuck], [13, stuck])).toEqual(['01', undefined, '08']);
});

test('a feed of which a part comes is not stuck', () => {
  expect(toldOf([1, stuck], [5, page(true, [entry])], [6, stuck], [9, stuck])).toEqual([]);
});
