import { expect, test } from 'vitest';
import { boundedJson, isNestedTooDeep, MAX_LEVELS } from '../../core/bounds.js';

function nested(levels: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { field: value };
  return value;
}

test.each([
  ['text', false, () => 'text'],
  ['nothing', false, () => undefined],
  ['null', false, () => null],
  ['an empty object', false, () => ({})],
  ['as deep as may be', false, () => nested(MAX_LEVELS)],
  ['one level deeper', true, () => nested(MAX_LEVELS + 1)],
  ['20,000 levels', true, () => nested(20_000)],
  ['a million levels', true, () => nested(1_000_000)],
  ['100,000 values side by side', false, () => Array.from({ length: 100_000 }, () => [])],
])('%s: too deep is %s', (_, isTooDeep, make) => {
  expect(isNestedTooDeep(make())).toBe(isTooDeep);
});

test('a cycle is too deep, and so is an object that holds another twice on every level', () => {
  const cycle: unknown[] = [];
  cycle.push(cycle, { cycle });
  expect(isNestedTooDeep(cycle)).toBe(true);
  let twice: unknown = {};
  for (let level = 0; level < 1_000; level++) twice = [twice, twice];
  expect(isNestedTooDeep(twice)).toBe(true);
});

test('what is too deep is not written, and what takes its place is JSON', () => {
  expect(boundedJson({ a: [1, 'b'] })).toBe('{"a":[1,"b"]}');
  expect(boundedJson(undefined)).toBe('undefined');
  expect(JSON.parse(boundedJson(nested(20_000)))).toBe('nested deeper than 64 levels');
});
