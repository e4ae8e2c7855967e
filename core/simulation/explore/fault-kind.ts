/** One kind of fault: where it can strike, and how often at most within a schedule. */
export interface FaultKind {
  readonly name: string;
  /** Whether a step can meet it: `what` is the step, `fault` one that it offers. */
  readonly strikes?: (what: string, fault: string) => boolean;
  /** Any step can be held up while time passes. */
  readonly holds?: boolean;
  /** What can befall a worker or a run at any moment. */
  readonly befalls?: 'CRASH' | 'TERMINATED' | readonly number[];
  /** It can signal services that the step's words do not name. */
  readonly reachesAnybody?: boolean;
  /** What was confirmed can be lost, and sweeps have to find it. */
  readonly isLossy?: boolean;
}

export const NO_FAULT: FaultKind = { name: 'no fault' };
