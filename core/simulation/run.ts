import type { LocalTries } from '../workflow/engine.js';
import {
  Instance,
  type Activation,
  type Call,
  type Command,
  type Ended,
  type Job,
  type Script,
} from './instance.js';
import type { Scheduler } from './scheduler.js';
import type { SimulatedWorker } from './worker.js';

/**
 * One run of a participant as Temporal keeps it. What has come since the last completed workflow task waits;
 * a task hears all of it, runs local activities as they are asked for, and completes when there is nothing
 * left to do at once. Only then is what happened within it kept. A crash, or a signal that arrives while the
 * run closes, undoes the task: it runs again from its beginning, with all that has come meanwhile.
 */
export class SimulatedRun {
  readonly service: string;
  isClosed = false;
  readonly #runId: string;
  /** How a trace calls it. */
  readonly #name: string;
  readonly #script: Script;
  readonly #scheduler: Scheduler;
  readonly #worker: SimulatedWorker;
  readonly #continueAsNew: () => void;
  #waiting: readonly Job[] = [];
  #history: readonly Activation[] = [];
  #asked: readonly string[] = [];
  #instance: Instance | undefined;
  #task: Task | undefined;
  #isHistoryLong = false;
  #isTaskDue = false;
  readonly #timers = new Map<number, () => void>();
  readonly #activities = new Map<number, RegularActivity>();

  constructor(
    number: number,
    prefix: string,
    script: Script,
    scheduler: Scheduler,
    worker: SimulatedWorker,
    continueAsNew: () => void,
  ) {
    this.service = script.service;
    this.#name = `${prefix}${script.service}`;
    this.#runId = `${script.service}-${script.sagaId}-${number}`;
    this.#script = script;
    this.#scheduler = scheduler;
    this.#worker = worker;
    this.#continueAsNew = continueAsNew;
  }

  /** The server has something for the run: it is kept for good, and a workflow task is due. */
  hear(...jobs: readonly Job[]): void {
    this.#waiting = [...this.#waiting, ...jobs];
    this.#offerTask();
  }

  /** The worker is gone, and with it the memory of the run and the task that it was in. */
  crash(): void {
    const mustRunAgain = this.#task !== undefined;
    this.#instance = undefined;
    this.#task = undefined;
    if (mustRunAgain) this.#offerTask();
  }

  /** Somebody ends it from outside, or Temporal forgets it; what its worker has in hand goes on all the same. */
  terminate(): void {
    this.isClosed = true;
    this.#instance = undefined;
    this.#task = undefined;
    for (const stop of this.#timers.values()) stop();
    for (const activity of this.#activities.values()) activity.abandon();
  }

  /** In a workflow task: what is signalled now waits for the next one. */
  get isInTask(): boolean {
    return this.#task !== undefined;
  }

  /** How often it was about to close; a signal that came meanwhile keeps it from that. */
  closings = 0;

  /**
   * All that it does from now on depends on, beside what its worker has in hand. Its memory is not among it: the same
   * activations give it back.
   */
  get state(): object {
    const task = this.#task && { heard: this.#task.heard, activations: [...this.#task.activations] };
    const activities = [...this.#activities.values()].flatMap(({ state }) => state ?? []);
    return {
      ...{ runId: this.#runId, history: this.#history, waiting: this.#waiting, task, activities },
      ...{ isTaskDue: this.#isTaskDue, isHistoryLong: this.#isHistoryLong },
    };
  }

  /** What is left to wait for in the world's end, for people. */
  get isParked(): boolean {
    return this.#instance?.isParked ?? false;
  }

  /** The types of what waits in its mailbox, as far as it has been told. */
  get waitingTypes(): readonly string[] {
    return this.#instance?.waitingTypes ?? [];
  }

  #offerTask(): void {
    if (this.isClosed || this.#task || this.#isTaskDue) return;
    this.#isTaskDue = true;
    void this.#worker.turn(`${this.#name} looks at ${this.#told()}`).then(() => {
      this.#isTaskDue = false;
      if (!this.isClosed) this.#scheduler.finish(this.#runTask());
    });
  }

  async #runTask(): Promise<void> {
    const task: Task = { heard: this.#waiting.length, activations: [] };
    this.#task = task;
    this.#isHistoryLong ||= this.#worker.isHistoryLong();
    const instance = this.#instance ?? (await this.#replay());
    this.#instance = instance;
    this.#heartbeatLater(task);
    await this.#activate(instance, this.#waiting);
  }

  async #replay(): Promise<Instance> {
    const instance = new Instance(this.#runId, this.#script);
    for (const activation of this.#history) await instance.activate(activation);
    const again = instance.asked.slice(0, this.#asked.length).join();
    if (again !== this.#asked.join())
      throw new Error(`${this.service} is not deterministic: asked for ${this.#asked.join()}, then ${again}`);
    instance.takeCommands();
    return instance;
  }

  async #activate(instance: Instance, jobs: readonly Job[]): Promise<void> {
    const task = this.#task;
    if (this.#instance !== instance || !task) return;
    const activation = { now: this.#scheduler.now, isHistoryLong: this.#isHistoryLong, jobs };
    task.activations.push(activation);
    await instance.activate(activation);
    if (instance.failure !== undefined)
      throw new Error(`the ${this.service} participant failed: ${instance.failure.message}`);
    if (instance.asksFor.length > 0)
      this.#script.watch?.onAsked?.(this.#runId, instance.asksFor, instance.waitingTypes, activation.now);
    for (const call of instance.takeLocals()) void this.#runLocal(instance, call);
    if (!instance.waitsForLocals) this.#completeTask(task, instance);
  }

  async #runLocal(instance: Instance, call: Call<LocalTries>, attempt = 1): Promise<void> {
    const ended = await this.#worker.execute(call, attempt);
    const pause = call.tries.firstPause * call.tries.backoff ** (attempt - 1);
    if (!ended.ok && attempt < call.tries.attempts) {
      await this.#scheduler.sleep(pause);
      return this.#instance === instance ? this.#runLocal(instance, call, attempt + 1) : undefined;
    }
    this.#scheduler.offer(`${this.#name} goes on after ${call.name}`, () => {
      if (this.#instance === instance) this.#script.watch?.onEnded?.(this.#runId, call, attempt, ended.ok);
      return this.#activate(instance, [{ kind: 'local', seq: call.seq, ended }]);
    });
  }

  #completeTask(task: Task, instance: Instance): void {
    if (instance.hasCompleted) this.closings++;
    if (instance.hasCompleted && this.#waiting.slice(task.heard).some(({ kind }) => kind !== 'retry')) {
      this.crash();
      return;
    }
    this.#keep(task, instance);
    this.#task = undefined;
    this.isClosed = instance.hasCompleted;
    if (instance.result) this.#script.watch?.onClosed?.(this.#runId, instance.result);
    if (this.isClosed) for (const stop of this.#timers.values()) stop();
    if (instance.continuesAsNew) this.#continueAsNew();
    if (!this.isClosed && this.#waiting.length > 0) this.#offerTask();
  }

  /** A task that lasts keeps what it has so far and hears what has come since: Temporal's heartbeat. */
  #heartbeatLater(task: Task): void {
    const goesOn = () => this.#task === task;
    this.#scheduler.inCase(goesOn, HEARTBEAT, () =>
      this.#scheduler.offer(`${this.#name} prolongs its task`, () =>
        goesOn() ? this.#prolong(task) : undefined,
      ),
    );
  }

  async #prolong(task: Task): Promise<void> {
    const instance = this.#instance;
    if (!instance) return;
    this.#keep(task, instance);
    const next: Task = { heard: this.#waiting.length, activations: [] };
    this.#task = next;
    this.#heartbeatLater(next);
    if (next.heard > 0) await this.#activate(instance, this.#waiting);
  }

  #keep(task: Task, instance: Instance): void {
    this.#history = [...this.#history, ...task.activations];
    this.#asked = [...instance.asked];
    this.#waiting = this.#waiting.slice(task.heard);
    for (const command of instance.takeCommands()) this.#carryOut(command);
  }

  #carryOut(command: Command): void {
    switch (command.kind) {
      case 'start timer': {
        const ring = () => this.hear({ kind: 'timer', seq: command.seq });
        this.#timers.set(command.seq, this.#scheduler.in(command.ms, ring));
        return;
      }
      case 'cancel timer':
        return this.#timers.get(command.seq)?.();
      case 'activity': {
        const end = (ended: Ended) => this.hear({ kind: 'activity', seq: command.seq, ended });
        const activity = new RegularActivity(command, this.#worker, this.#scheduler, end);
        this.#activities.set(command.seq, activity);
        return;
      }
      case 'stop activity':
        return this.#activities.get(command.seq)?.stop();
    }
  }

  #told(): string {
    const names = this.#waiting.map((job) => (job.kind === 'signal' ? job.name : `its ${job.kind}`));
    return names.length > 0 ? names.join(', ') : 'what it was doing';
  }
}

interface Task {
  /** How many of the waiting jobs it was told of. */
  readonly heard: number;
  readonly activations: Activation[];
}

/** Temporal's server sees that it is tried again, by whichever worker there is, until it ends or is stopped. */
class RegularActivity {
  readonly #call: Call;
  readonly #worker: SimulatedWorker;
  readonly #scheduler: Scheduler;
  readonly #end: (ended: Ended) => void;
  #attempt = 0;
  #isInFlight = false;
  #isStopped = false;
  #hasEnded = false;

  constructor(call: Call, worker: SimulatedWorker, scheduler: Scheduler, end: (ended: Ended) => void) {
    this.#call = call;
    this.#worker = worker;
    this.#scheduler = scheduler;
    this.#end = end;
    void this.#try(1);
  }

  /** Undefined once it has ended. */
  get state(): object | undefined {
    if (this.#hasEnded) return undefined;
    const [attempt, isInFlight, isStopped] = [this.#attempt, this.#isInFlight, this.#isStopped];
    return { call: this.#call, attempt, isInFlight, isStopped };
  }

  stop(): void {
    this.#isStopped = true;
    if (!this.#isInFlight) this.#finish({ ok: false });
  }

  /** Nobody is left to hear how it ends. */
  abandon(): void {
    this.#isStopped = true;
    this.#hasEnded = true;
  }

  async #try(attempt: number): Promise<void> {
    this.#attempt = attempt;
    await this.#worker.turn(`${this.#worker.name} begins attempt ${attempt} of ${this.#call.name}`);
    if (this.#isStopped) return;
    this.#isInFlight = true;
    const ended = await this.#worker.execute(this.#call, attempt);
    this.#isInFlight = false;
    const { attempts, firstPause, backoff, longestPause = Infinity } = this.#call.tries;
    if (ended.ok || this.#isStopped || attempt === attempts) return this.#finish(ended);
    await this.#scheduler.sleep(Math.min(longestPause, firstPause * backoff ** (attempt - 1)));
    return this.#try(attempt + 1);
  }

  #finish(ended: Ended): void {
    if (!this.#hasEnded) this.#end(ended);
    this.#hasEnded = true;
  }
}

/** A worker prolongs a workflow task of 10 s in good time. */
const HEARTBEAT = 8_000;
