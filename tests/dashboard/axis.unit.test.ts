import { expect, test } from 'vitest';
import { axisOf } from '../../dashboard/story/axis.js';
import { marksOf } from '../../dashboard/story/marks.js';
import { storyOf } from '../../dashboard/story/story.js';
import { completedStory, moment, parkedStory, paymentTimeoutStory } from './stories.js';

const axisIn = (messages: typeof completedStory) => axisOf(marksOf(storyOf(messages)), moment(0));

test('every mark has its own row, with room for an arrow and its label', () => {
  for (const story of [completedStory, parkedStory, paymentTimeoutStory]) {
    const { rows } = axisIn(story);
    const gaps = rows.slice(1).map((row, index) => row - (rows[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(28);
  }
});

test('five minutes take more room than a second, but not three hundred times as much', () => {
  const waits = axisIn(paymentTimeoutStory).bottom;
  const quick = axisIn(completedStory).bottom;
  expect(waits).toBeLessThan(2 * quick);
  const [, created, failed] = axisIn(paymentTimeoutStory).rows;
  expect((failed ?? 0) - (created ?? 0)).toBeGreaterThan(100);
});

test('a row maps back to its time, before the last mark and after it', () => {
  const axis = axisIn(completedStory);
  for (const time of [moment(200), moment(650), moment(5_000), moment(300_000)])
    expect(axis.timeAt(axis.rowAt(time))).toBeCloseTo(time, 0);
});

test('every mark is on the row of its time', () => {
  const marks = marksOf(storyOf(completedStory));
  const axis = axisIn(completedStory);
  expect(new Set(marks.map((mark) => mark.at)).size).toBe(marks.length);
  // The placement is the upper edge, and its status the first row below it.
  for (const [index, mark] of [...marks.entries()].slice(1))
    expect(axis.rowAt(mark.at)).toBeCloseTo(axis.rows[index] ?? Number.NaN);
});

test('later is lower', () => {
  const axis = axisIn(parkedStory);
  const rows = [0, 100, 400, 760, 30_000, 60_900, 61_000, 70_000, 900_000].map((ms) =>
    axis.rowAt(moment(ms)),
  );
  expect(rows).toEqual(rows.toSorted((one, other) => one - other));
});

test('an order without marks has an axis too', () => {
  const axis = axisOf([], moment(0));
  expect(axis.rows).toEqual([]);
  expect(axis.rowAt(moment(1_000))).toBeGreaterThan(0);
});
