/** LOOK_AGAIN: the row may say something else by now. CONTINUE_AS_NEW: the history is long (it may have 51,200 events). */
export type Interruption = 'LOOK_AGAIN' | 'CONTINUE_AS_NEW';

/**
 * Thrown out of a wait, and so out of the participant's code, which then begins anew by reading its row, in this run or
 * in another. Nothing is lost: the row knows all, deadlines included.
 */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly why: Interruption;

  constructor(why: Interruption) {
    super(why);
    this.why = why;
  }
}

/** Why the participant's code was left. Any other error is thrown on. */
export function whyInterrupted(error: unknown): Interruption {
  if (error instanceof Interrupted) return error.why;
  throw error;
}
