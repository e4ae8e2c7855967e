import { expect, test } from 'vitest';
import { problems } from '../../api/http/problem.js';
import { ApiProblem } from '../../dashboard/api/request.js';
import type { FieldError } from '../../dashboard/api/documents.js';
import { explainProblem, problemAt } from '../../dashboard/parts/problem-words.js';
import { wholeNumber } from '../../dashboard/orders/whole-number.js';
import { en } from '../../dashboard/texts/en.js';
import { ko } from '../../dashboard/texts/ko.js';

const problem = (name: string, ...errors: readonly FieldError[]) =>
  new ApiProblem(422, {
    document: {
      type: `/problems/${name}`,
      title: 'Title',
      status: 422,
      detail: 'detail',
      requestId: '33333333-3333-4333-8333-333333333333',
      errors,
    },
  });

test('every problem of the API has a text in each language', () => {
  expect(Object.keys(en.problem.types)).toEqual(Object.keys(problems));
  for (const name of Object.keys(problems)) expect(explainProblem(problem(name), ko)).toMatch(/[가-힣]/);
});

test('a known field is named, and only once', () => {
  const malformed = problem(
    'malformed-request',
    { pointer: '#/items/0/quantity', detail: 'expected a whole number' },
    { pointer: '#/items/1/quantity', detail: 'expected a whole number' },
    { header: 'Operator', detail: 'expected the name of who asks' },
    { pointer: '#/nonsense', detail: 'unknown field' },
  );
  expect(explainProblem(malformed, en)).toBe('Please check: Quantity and Your name.');
  expect(explainProblem(malformed, ko)).toBe('다음 값을 확인하세요: 수량, 이름.');
  const strange = problem('malformed-request', { pointer: '#/nonsense', detail: 'unknown field' });
  expect(explainProblem(strange, en)).toBe(en.problem.types['malformed-request']);
});

test('a problem shows at the field to blame and at no other', () => {
  const unknown = problem('unknown-product', { pointer: '#/items/0/sku', detail: 'unknown product' });
  expect(problemAt(unknown, '/items/0/sku', ko)).toBe('없는 상품입니다.');
  expect(problemAt(unknown, '/items/1/sku', ko)).toBeUndefined();
  expect(problemAt(undefined, '/items/0/sku', ko)).toBeUndefined();
});

test('an unknown problem is shown as it came, and a missing one means that the API is down', () => {
  expect(explainProblem(problem('out-of-paper'), en)).toBe('Title. detail');
  expect(explainProblem(new ApiProblem(0), en)).toBe(en.problem.unreachable);
  expect(explainProblem(new ApiProblem(502), en)).toBe(en.problem.types.unavailable);
});

test('a change whose answer was lost may have been done, and is no refusal', () => {
  const lost = new ApiProblem(0, { isOutcomeUnknown: true });
  expect(explainProblem(lost, en)).toBe(
    'It may have been done all the same. Try again: nothing is done twice.',
  );
  expect([problem('outcome-unknown'), problem('not-found')].map((one) => one.isOutcomeUnknown)).toEqual([
    true,
    false,
  ]);
});

test('only a whole number within its bounds is accepted', () => {
  const bounds = { min: 1, max: 100 };
  expect(['1', '100', ' 7 '].map((typed) => wholeNumber(typed, bounds))).toEqual([1, 100, 7]);
  for (const typed of ['', ' ', '0', '-1', '1.5', '101', 'many', '1e9'])
    expect(wholeNumber(typed, bounds), typed).toBeUndefined();
});
