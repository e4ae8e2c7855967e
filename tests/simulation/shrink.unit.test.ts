import { expect, test } from 'vitest';
import { shrink } from '../../core/simulation/shrink.js';

test('leaves the choices that matter, and none beside', async () => {
  const choices = [3, 0, 1, 4, 0, 2, 5, 1, 7];
  const needsFourAndSeven = (list: readonly number[]) =>
    Promise.resolve(list.includes(4) && list.includes(7));
  expect(await shrink(choices, needsFourAndSeven)).toEqual([4, 7]);
});

test('a choice that cannot be left out becomes tame', async () => {
  const thirdIsFive = (list: readonly number[]) => Promise.resolve(list[2] === 5);
  expect(await shrink([9, 9, 5, 9], thirdIsFive)).toEqual([0, 0, 5]);
});

test('nothing is left of what breaks in any case', async () => {
  expect(await shrink([1, 2, 3], () => Promise.resolve(true))).toEqual([]);
});
