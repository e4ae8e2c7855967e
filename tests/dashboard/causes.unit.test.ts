import { expect, test } from 'vitest';
import { above, branchesOf, geometryOf } from '../../dashboard/choreography/geometry.js';
import { causeIdOf, chainOf, effectsOf, findEvent, isEvent } from '../../dashboard/story/causes.js';
import { marksOf } from '../../dashboard/story/marks.js';
import { storyOf } from '../../dashboard/story/story.js';
import { services } from '../../schemas/services.js';
import { completedStory, idOf, refundedStory, type Short } from './stories.js';

const marks = marksOf(storyOf(refundedStory));
function find(short: Short) {
  const mark = findEvent(marks, idOf(short));
  if (!mark) throw new Error(`the story has no ${short}`);
  return mark;
}

test('the chain of causes goes back to the placement', () => {
  const chain = chainOf(marks, idOf('refunded'));
  expect(
    [...chain].filter((key) => marks.some((mark) => isEvent(mark) && mark.key === key)).toSorted(),
  ).toEqual([idOf('created'), idOf('paid'), idOf('soldOut'), idOf('refunded')].toSorted());
});

test('the effects of an event are events and the status change', () => {
  expect(effectsOf(marks, idOf('paid')).map((mark) => mark.kind)).toEqual(['status', 'event']);
  expect(findEvent(marks, causeIdOf(find('soldOut')))?.key).toBe(idOf('paid'));
});

test('an arrow has one line to each side, and a head at every subscriber', () => {
  const geometry = geometryOf(800, services);
  const reserved = marksOf(storyOf(completedStory))
    .filter(isEvent)
    .find(({ key }) => key === idOf('reserved'));
  if (!reserved) throw new Error('the story has no reservation');
  const [order, payment, inventory, notification] = services.map(geometry.xOf);
  expect(branchesOf(reserved, geometry)).toEqual([
    { from: inventory, to: order, heads: [payment, order] },
    { from: inventory, to: notification, heads: [notification] },
  ]);
  expect(above(reserved, geometry)).toEqual({ x: (order ?? 0) + 12, 'text-anchor': 'start' });
});

test('on a phone the lanes are still apart', () => {
  const { xOf, isNarrow } = geometryOf(316, services);
  expect(isNarrow).toBe(true);
  expect(xOf('payment') - xOf('order')).toBeGreaterThan(60);
  expect(xOf('notification')).toBeLessThan(316);
});
