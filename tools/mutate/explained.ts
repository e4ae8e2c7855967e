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
];

export const whyOf = ({ file, code, mutant }: Survivor): string | undefined =>
  explained.find((one) => one.file === file && one.code === code && one.mutant === mutant)?.why;
