import { expect, test } from 'vitest';
import { KeptKey } from '../../dashboard/api/kept-key.js';
import { ApiProblem } from '../../dashboard/api/request.js';

/** Sends the request, and returns the key that it was sent with. */
async function keyOf(kept: KeptKey, request: unknown, problem?: ApiProblem): Promise<string> {
  let sent = '';
  await kept
    .send(request, (key) => {
      sent = key;
      return problem ? Promise.reject(problem) : Promise.resolve();
    })
    .catch((error: unknown) => expect(error).toBe(problem));
  return sent;
}

const lost = new ApiProblem(0, { isOutcomeUnknown: true });
const refused = new ApiProblem(422);

test('the same request keeps its key until an answer comes', async () => {
  const kept = new KeptKey();
  const keys = [
    await keyOf(kept, 'a mouse', lost),
    await keyOf(kept, 'a mouse', lost),
    await keyOf(kept, 'a mouse'),
  ];
  expect(new Set(keys).size).toBe(1);
  expect(await keyOf(kept, 'a mouse')).not.toBe(keys[0]);
});

test('another request has another key', async () => {
  const kept = new KeptKey();
  expect(await keyOf(kept, 'a mouse', lost)).not.toBe(await keyOf(kept, 'two mice', lost));
});

test('a refusal is an answer', async () => {
  const kept = new KeptKey();
  expect(await keyOf(kept, 'a mouse', refused)).not.toBe(await keyOf(kept, 'a mouse', refused));
});
