import type { EpochMillis, SagaId } from '../event.js';
import {
  EffectFailure,
  type Engine,
  type LocalTries,
  type Running,
  type Timer,
  type Tries,
} from '../workflow/engine.js';
import { Mailbox } from '../workflow/mailbox.js';
import type { AnyParticipant, Host, ParticipantResult } from '../workflow/participant.js';
import { RetryGate } from '../workflow/retry-gate.js';
import { runParticipant } from '../workflow/runtime.js';
import { quiet } from './scheduler.js';

/** What a run is told by the server or, for a local activity, by its worker. */
export type Job =
  | { readonly kind: 'signal'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'retry'; readonly key: string; readonly operator: string }
  | { readonly kind: 'timer'; readonly seq: number }
  | { readonly kind: 'activity' | 'local'; readonly seq: number; readonly ended: Ended };

/** How an activity ended; a failure carries nothing that a participant may look at. */
export type Ended = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

/** What a run carries out: which participant, for which saga. */
export interface Script extends Pick<Host, 'choreography' | 'service' | 'sagaId'> {
  readonly participant: AnyParticipant;
  readonly watch?: RunWatch;
}

/** Told what runs do, where the rules of a world have to know; a replay tells nothing again. */
export interface RunWatch {
  /** It goes on, and asks for these; the types wait in its mailbox. */
  readonly onAsked?: (
    runId: string,
    asked: readonly Asked[],
    waiting: readonly string[],
    now: number,
  ) => void;
  /** It hears how a local activity has ended. */
  readonly onEnded?: (runId: string, call: Call, attempt: number, ok: boolean) => void;
  /** It closes, with this for people to see. */
  readonly onClosed?: (runId: string, result: ParticipantResult) => void;
}

/** What a run asks for: an effect, or to be woken at a time. */
export type Asked =
  | ({ readonly kind: 'local' | 'activity' } & Call)
  | { readonly kind: 'wait'; readonly timer: Timer | undefined; readonly details: string };

/** Jobs that a run is told of at once, at a time that a replay repeats. */
export interface Activation {
  readonly now: number;
  readonly isHistoryLong: boolean;
  readonly jobs: readonly Job[];
}

/** What a run wants of the server once its workflow task completes. */
export type Command =
  | { readonly kind: 'start timer'; readonly seq: number; readonly ms: number }
  | { readonly kind: 'cancel timer' | 'stop activity'; readonly seq: number }
  | ({ readonly kind: 'activity' } & Call);

export interface Call<Kind extends Tries = Tries> {
  readonly seq: number;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly tries: Kind;
}

/**
 * A run in a worker's memory: the real participant, its real mailbox and retry gate, on an engine that answers only
 * when an activation says so. A crash throws it away; feeding a new one the same activations gives it back.
 */
export class Instance implements Engine {
  readonly runId: string;
  /** Everything asked for, in order: a replay must ask for the same. */
  readonly asked: string[] = [];
  hasCompleted = false;
  continuesAsNew = false;
  /** What it shows once it has closed for good. */
  result: ParticipantResult | undefined;
  /** What it has asked for since it was last told something. */
  asksFor: readonly Asked[] = [];
  failure: Error | undefined;
  #now = 0;
  #isHistoryLong = false;
  #seq = 0;
  #details = '';
  #hasBegun = false;
  #commands: readonly Command[] = [];
  #locals: readonly Call<LocalTries>[] = [];
  #conditions: readonly Condition[] = [];
  readonly #open = new Map<number, (ended: Ended) => void>();
  readonly #openLocals = new Set<number>();
  readonly #mailbox: Mailbox;
  readonly #gate: RetryGate;
  readonly #script: Script;

  constructor(runId: string, script: Script) {
    this.runId = runId;
    this.#script = script;
    this.#mailbox = new Mailbox(script.choreography);
    this.#gate = new RetryGate(this.#mailbox, this);
  }

  /** Tells the run, and lets it go on as far as it can. */
  async activate({ now, isHistoryLong, jobs }: Activation): Promise<void> {
    this.#now = now;
    this.#isHistoryLong = isHistoryLong;
    this.asksFor = [];
    for (const job of [...jobs].sort(signalsFirst)) this.#hear(job);
    if (!this.#hasBegun) this.#begin();
    do await quiet();
    while (this.#resolveConditions());
  }

  /** The types of what waits in its mailbox. */
  get waitingTypes(): readonly string[] {
    return Object.keys(this.#script.choreography.catalogue).filter((type) => this.#mailbox.has([type]));
  }

  /** Only then an operator's retry is taken. */
  get isParked(): boolean {
    return this.#gate.isOpen;
  }

  get waitsForLocals(): boolean {
    return this.#openLocals.size > 0;
  }

  takeCommands(): readonly Command[] {
    const commands = this.#commands;
    this.#commands = [];
    return commands;
  }

  /** Local activities that nobody runs yet. After a replay these are the ones that have left no result. */
  takeLocals(): readonly Call<LocalTries>[] {
    const locals = this.#locals.filter(({ seq }) => this.#openLocals.has(seq));
    this.#locals = [];
    return locals;
  }

  now = (): EpochMillis => this.#now as EpochMillis;

  until(holds: () => boolean, timer?: Timer): Promise<void> {
    if (holds()) return Promise.resolve();
    this.asksFor = [...this.asksFor, { kind: 'wait', timer, details: this.#details }];
    return new Promise((resolve) => {
      const seq = timer && this.#ask(`timer ${timer.summary}`);
      if (timer && seq !== undefined) this.#command({ kind: 'start timer', seq, ms: timer.ms });
      this.#conditions = [...this.#conditions, { holds, resolve, seq }];
    });
  }

  local<Result>(name: string, args: readonly unknown[], tries: LocalTries): Promise<Result> {
    const seq = this.#ask(`local ${name}`);
    this.#locals = [...this.#locals, { seq, name, args, tries }];
    this.asksFor = [...this.asksFor, { kind: 'local', seq, name, args, tries }];
    this.#openLocals.add(seq);
    return this.#result(seq, name);
  }

  activity<Result>(name: string, args: readonly unknown[], tries: Tries): Running<Result> {
    const seq = this.#ask(`activity ${name}`);
    this.#command({ kind: 'activity', seq, name, args, tries });
    this.asksFor = [...this.asksFor, { kind: 'activity', seq, name, args, tries }];
    return { result: this.#result(seq, name), stop: () => this.#command({ kind: 'stop activity', seq }) };
  }

  describe(details: string): void {
    this.#details = details;
  }

  isHistoryLong = (): boolean => this.#isHistoryLong;

  /** No run is older than the code. */
  isPatched = (): boolean => true;

  continueAsNew(sagaId: SagaId): Promise<never> {
    if (sagaId !== this.#script.sagaId) throw new Error(`it continues as new for ${String(sagaId)}`);
    this.hasCompleted = true;
    this.continuesAsNew = true;
    return new Promise<never>(() => undefined);
  }

  #begin(): void {
    this.#hasBegun = true;
    const { participant, ...where } = this.#script;
    const host = { ...where, mailbox: this.#mailbox, engine: this, gate: this.#gate };
    void runParticipant(host, participant).then(
      (result) => {
        this.hasCompleted = true;
        this.result = result;
      },
      (error: unknown) => (this.failure = error instanceof Error ? error : new Error(String(error))),
    );
  }

  #hear(job: Job): void {
    switch (job.kind) {
      case 'signal':
        return this.#mailbox.deliver(job.name, job.args);
      case 'retry':
        if (this.#gate.isOpen) this.#gate.request(job.key, job.operator);
        return;
      case 'timer':
        return this.#resolve(({ seq }) => seq === job.seq);
      case 'activity':
      case 'local':
        this.#openLocals.delete(job.seq);
        this.#open.get(job.seq)?.(job.ended);
        this.#open.delete(job.seq);
    }
  }

  #resolveConditions(): boolean {
    const met = this.#conditions.filter(({ holds }) => holds());
    for (const { seq } of met) if (seq !== undefined) this.#command({ kind: 'cancel timer', seq });
    this.#resolve((condition) => met.includes(condition));
    return met.length > 0;
  }

  #resolve(which: (condition: Condition) => boolean): void {
    const resolved = this.#conditions.filter(which);
    this.#conditions = this.#conditions.filter((condition) => !resolved.includes(condition));
    for (const { resolve } of resolved) resolve();
  }

  #result<Result>(seq: number, name: string): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#open.set(seq, (ended) => {
        if (ended.ok) resolve(ended.value as Result);
        else reject(new EffectFailure(name));
      });
    });
  }

  #ask(what: string): number {
    this.asked.push(what);
    return this.#seq++;
  }

  #command(command: Command): void {
    this.#commands = [...this.#commands, command];
  }
}

interface Condition {
  readonly holds: () => boolean;
  readonly resolve: () => void;
  readonly seq: number | undefined;
}

/** As Temporal does within one activation. */
const signalsFirst = (one: Job, other: Job): number => rank(one) - rank(other);
const rank = ({ kind }: Job): number => (kind === 'signal' ? 0 : kind === 'retry' ? 1 : 2);
