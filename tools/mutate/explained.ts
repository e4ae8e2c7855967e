import type { Survivor } from './kept-report.js';

/** Why a mutant that survives does no harm. */
export interface Explanation extends Pick<Survivor, 'file' | 'code' | 'mutant'> {
  readonly why: string;
}

export const explained: readonly Explanation[] = [
  {
    file: 'core/workflow/context.ts',
    code: "typeof input === 'object' && input !== null && 'type' in input && isEventType(choreography, String(input.type))",
    mutant: 'true',
    why: 'what is no event was never put into the mailbox, and so was seen no time either way',
  },
  {
    file: 'core/activity/consumer.ts',
    code: "{ kind: 'none' }",
    mutant: '{}',
    why: 'an inspection has an event, which leaves its trace in any case, and whatever is no change changes nothing',
  },
  {
    file: 'core/activity/consumer.ts',
    code: "decision.kind === 'change'",
    mutant: 'true',
    why: 'the condition is for the compiler: only a change emits',
  },
  {
    file: 'core/workflow/mailbox.ts',
    code: 'event',
    mutant: 'true',
    why: 'the condition is for the compiler: no content is that of no event',
  },
  {
    file: 'core/workflow/waiting-events.ts',
    code: '[]',
    mutant: '["Stryker was here"]',
    why: 'what has no number comes after all events, as an empty queue does, and holds no event',
  },
  {
    file: 'core/workflow/waiting-events.ts',
    code: 'arrivalOf(one) <= arrivalOf(other)',
    mutant: 'arrivalOf(one) < arrivalOf(other)',
    why: 'two queues tie only where both are empty',
  },
  {
    file: 'workflows/order.ts',
    code: '[]',
    mutant: '["Stryker was here"]',
    why: 'no event has that type',
  },
  {
    file: 'core/sweep/sweep.ts',
    code: 'first < sagas.length',
    mutant: 'first <= sagas.length',
    why: 'a last group that is empty wakes nobody',
  },
  {
    file: 'api/order/place-order.ts',
    code: 'key === undefined',
    mutant: 'false',
    why: 'an order without a key has a new id, under which nothing is found',
  },
  {
    file: 'api/order/place-order.ts',
    code: 'a < b',
    mutant: 'a <= b',
    why: 'no product is in an order twice',
  },
  {
    file: 'api/order/place-order.ts',
    code: 'a < b',
    mutant: 'a >= b',
    why: 'any order of the items will do that is the same for every request',
  },
  {
    file: 'api/order/post-order.ts',
    code: 'Date.now() >= polling.until',
    mutant: 'Date.now() > polling.until',
    why: 'within the last millisecond it asks once more, and answers the same',
  },
  {
    file: 'api/order/post-order.ts',
    code: 'status !== undefined',
    mutant: 'true',
    why: 'the condition is for the compiler: no status is no final one',
  },
  {
    file: 'api/order/price-order.ts',
    code: '[]',
    mutant: '["Stryker was here"]',
    why: 'the condition is for the compiler: an unknown product has been refused by then',
  },
];

export const whyOf = ({ file, code, mutant }: Survivor): string | undefined =>
  explained.find((one) => one.file === file && one.code === code && one.mutant === mutant)?.why;
