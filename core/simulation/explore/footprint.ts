/** What a step touches beside its own service's memory and rows. */
export interface Footprint {
  /** The service whose worker takes it. */
  readonly service: string;
  /**
   * LOCAL: nothing. SEND: it signals `target`. HEAR: it takes in what was signalled to its own run, or depends on
   * whether more has come. CONTINUE: HEAR where it ends a workflow task, else LOCAL; that shows once it is taken.
   */
  readonly kind: 'LOCAL' | 'SEND' | 'HEAR' | 'CONTINUE';
  readonly target?: string;
}

/** From the words of a step, which begin with its service. Undefined where they do not say what it touches. */
export function footprintOf(what: string): Footprint | undefined {
  const [, service, rest] = /^(\S+) (.*)$/.exec(what) ?? [];
  if (service === undefined || rest === undefined) return undefined;
  const target = /^(?:delivers \S+ to|starts) (\w+)/.exec(rest)?.[1];
  if (target !== undefined) return { service, kind: 'SEND', target };
  if (/^(?:looks at |prolongs its task)/.test(rest)) return { service, kind: 'HEAR' };
  if (/^goes on after /.test(rest)) return { service, kind: 'CONTINUE' };
  if (/^(?:is about to commit: |begins attempt |hands the \S+ over|waits a second)/.test(rest))
    return { service, kind: 'LOCAL' };
  return undefined;
}
