import { expect, test } from 'vitest';
import { differences, offsetOf } from '../../platform/clock-offset.js';

const HOUR = 3_600_000;
const ours = { least: 0, most: 0 };

test('a clock that was read within a moment of ours is known to within it', () => {
  expect(offsetOf(5_000, 4_900, 5_020)).toEqual({ least: -20, most: 100 });
});

test.each([
  ['nothing differs', { Temporal: offsetOf(10, 0, 20), 'the database': offsetOf(15, 10, 20) }, []],
  ['a second is tolerated', { Temporal: offsetOf(1_010, 0, 10) }, []],
  [
    'what is uncertain is left out',
    { Temporal: offsetOf(3_000, 0, 1_500) },
    ['Temporal is 1.5 s ahead of this worker'],
  ],
  ['what is uncertain may leave nothing', { Temporal: offsetOf(3_000, 0, 2_500) }, []],
  [
    "this worker's is an hour ahead",
    { Temporal: offsetOf(-HOUR, 0, 0), 'the database': offsetOf(-HOUR, 0, 0) },
    ['Temporal is 3600.0 s behind this worker', 'the database is 3600.0 s behind this worker'],
  ],
  [
    "the database's is two seconds behind",
    { Temporal: offsetOf(10, 0, 20), 'the database': offsetOf(-2_000, 0, 10) },
    ['Temporal is 2.0 s ahead of the database', 'the database is 2.0 s behind this worker'],
  ],
])('%s', (_, others, told) => {
  expect(differences({ ...others, 'this worker': ours })).toEqual(told);
});
