import { expect, test } from 'vitest';
import { z } from 'zod';
import * as field from '../../api/http/fields.js';

test('of a list that is too long no more is looked at than shows that', () => {
  let looked = 0;
  const element = z.unknown().refine(() => ++looked > 0);
  const list = field.listUpTo(3, element).refine((items) => items.length <= 3, 'too long');
  const { error } = list.safeParse(Array.from({ length: 21_000 }, () => ({})));
  expect(error?.issues.map(({ message }) => message)).toEqual(['too long']);
  expect(looked).toBe(4);
});

test('what is no list is refused as such, and a short one is as it was', () => {
  const list = field.listUpTo(3, z.number());
  expect(list.parse([1, 2, 3])).toEqual([1, 2, 3]);
  expect(list.safeParse('one, two').error?.issues).toMatchObject([{ code: 'invalid_type' }]);
});

test.each(['\u202egnp.exe', 'Ann\u2028Lee', 'Ann\u200f', '\u2066Ann', 'Ann\u0007'])(
  '%j is no name',
  (text) => {
    expect(field.name.safeParse(text).success).toBe(false);
  },
);

test.each(['Ann Lee', '안나', 'Müller', 'Søren 🐭', 'عمر'])('%s is a name', (text) => {
  expect(field.name.parse(text)).toBe(text);
});
