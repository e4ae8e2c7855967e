import { choicesAgain } from '../choices.js';
import { quiet, Scheduler, START } from '../scheduler.js';
import type { InHand } from './in-hand.js';

/** A step that can be taken next. */
export interface Pending {
  /** What it is, in plain words: they say who takes it and whom it touches (`footprint.ts`). */
  readonly what: string;
  readonly happen: () => void | Promise<void>;
  /** Time may pass without it: it is held up, for as long as the schedule likes. */
  readonly isOptional: boolean;
  /** The execution of an activity that it belongs to, or whose end it tells. */
  readonly by: InHand | undefined;
}

export interface Alarm {
  readonly at: number;
  readonly ms: number;
  readonly ring: () => void;
  /** Whether it rings at all. */
  readonly holds: () => boolean;
  /** The step that set it. */
  readonly setIn: string;
  readonly by: InHand | undefined;
}

/** A moment after the tables were made: a sweep checks what was delivered later than that. */
const BEGINNING = START + 1;

/** A duration that ends at any moment from now on: whenever the schedule likes. */
export const ANY_TIME = Number.MAX_SAFE_INTEGER;

/**
 * The scheduler of a world that is explored: others choose each step. Steps take no time. Time passes, to the next
 * alarm that makes something possible, only once nothing but optional steps is left to do.
 */
export class SteppedScheduler extends Scheduler {
  readonly #told: { readonly at: number; readonly what: string }[] = [];
  #pending: readonly Pending[] = [];
  #alarms: readonly Alarm[] = [];
  #offering: InHand | undefined;
  #under: Pick<Pending, 'what' | 'by'> = { what: '', by: undefined };
  #unfinished = 0;
  #error: Error | undefined;

  constructor() {
    super(choicesAgain([]), 0, () => undefined);
    this.now = BEGINNING;
  }

  /** In the order in which they became possible. */
  get pending(): readonly Pending[] {
    return (this.#pending = this.#pending.filter((step) => !isVoid(step)));
  }

  /** Those that ring, the next one first. */
  get alarms(): readonly Alarm[] {
    return (this.#alarms = this.#alarms.filter(({ holds }) => holds()));
  }

  /** The execution whose step is under way, if it is one. */
  get underWay(): InHand | undefined {
    return this.#under.by;
  }

  get isAtRest(): boolean {
    return this.pending.length === 0 && this.alarms.length === 0;
  }

  get hasTimePassed(): boolean {
    return this.now > BEGINNING;
  }

  get canTimePass(): boolean {
    return this.alarms.length > 0 && this.pending.every(({ isOptional }) => isOptional);
  }

  /** What is offered next belongs to this execution. */
  offeredBy(execution: InHand): void {
    this.#offering = execution;
  }

  override offer(what: string, happen: () => void | Promise<void>): void {
    const by = this.#offering ?? (isContinuation(what) ? this.#under.by : undefined);
    this.#offering = undefined;
    this.#pending = [...this.#pending, { what, happen, isOptional: false, by }];
  }

  override in(ms: number, ring: () => void): () => void {
    return ms === ANY_TIME ? this.#later(ring) : this.#alarm(ms, ring, () => true);
  }

  override inCase(holds: () => boolean, ms: number, ring: () => void): void {
    this.#alarm(ms, ring, holds);
  }

  override finish(work: Promise<void>): void {
    this.#unfinished++;
    work
      .catch((error: unknown) => (this.#error ??= error instanceof Error ? error : new Error(String(error))))
      .finally(() => this.#unfinished--);
  }

  /** Takes a pending step, and comes back when nothing more follows from it by itself. */
  async take(step: Pending): Promise<void> {
    this.#pending = this.#pending.filter((other) => other !== step);
    this.#under = step;
    this.tell(step.what);
    await step.happen();
    await this.settled();
  }

  /** From now on time may pass without it. */
  hold(step: Pending): void {
    this.tell(`${step.what}: it is held up`);
    this.#pending = this.#pending.map((other) => (other === step ? { ...step, isOptional: true } : other));
  }

  /** Rings alarms, at one moment or several, until a step has become possible. */
  async passTime(): Promise<void> {
    const isMore = (before: number) => this.pending.length > before;
    for (const before = this.pending.length; this.alarms.length > 0 && !isMore(before);) {
      const { at } = this.alarms[0] as Alarm;
      this.now = Math.max(this.now, at);
      for (let alarm = this.alarms[0]; alarm?.at === at; alarm = this.alarms[0]) await this.#ring(alarm);
    }
    this.tell('time has passed');
  }

  /** Goes on without any choice: always with the step that has waited longest. */
  override async run(): Promise<number> {
    let steps = 0;
    for (; !this.isAtRest; steps++) {
      if (steps > MOST_STEPS) throw new Error('the world does not come to rest');
      const [step] = this.pending;
      await (step ? this.take(step) : this.passTime());
    }
    return steps;
  }

  /** Everything that follows by itself has happened. Throws what a participant has thrown. */
  async settled(): Promise<void> {
    do await quiet();
    while (this.#unfinished > 0);
    if (this.#error !== undefined) throw this.#error;
  }

  tell(what: string): void {
    this.#told.push({ at: this.now, what });
  }

  /** What happened, in plain words. */
  get trace(): readonly string[] {
    return this.#told.map(({ at, what }) => `${new Date(at).toISOString().slice(11, 19)} ${what}`);
  }

  #alarm(ms: number, ring: () => void, holds: () => boolean): () => void {
    const { what, by } = this.#under;
    const alarm = { at: this.now + Math.max(0, ms), ms, ring, holds, setIn: what, by };
    this.#alarms = [...this.#alarms, alarm].sort((one, other) => one.at - other.at);
    return () => (this.#alarms = this.#alarms.filter((other) => other !== alarm));
  }

  #later(ring: () => void): () => void {
    const { what, by } = this.#under;
    const late = { what: `${what}, late`, happen: ring, isOptional: true, by };
    this.#pending = [...this.#pending, late];
    return () => (this.#pending = this.#pending.filter((other) => other !== late));
  }

  async #ring(alarm: Alarm): Promise<void> {
    this.#alarms = this.#alarms.filter((other) => other !== alarm);
    this.#under = { what: alarm.setIn, by: alarm.by };
    alarm.ring();
    await this.settled();
  }
}

/** The run is told how an execution has ended. */
const isContinuation = (what: string): boolean => / goes on after /.test(what);

/** Nothing happens in it any more: its worker has died, or the run that waited for it is gone. */
const isVoid = ({ what, by }: Pending): boolean =>
  by !== undefined && (isContinuation(what) ? by.isForgotten : by.isDead);

const MOST_STEPS = 2_000;
