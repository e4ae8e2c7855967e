import type { Call, Ended } from './instance.js';
import { faultWords, workerFaults, type FaultSource, type WorkerFault } from './faults.js';
import type { Scheduler } from './scheduler.js';

/** One execution of an activity, on a worker that may be dead without knowing. */
export interface Execution {
  readonly attempt: number;
  /** Waits for its turn; never comes back where the process has died. A fault of its own comes with it. */
  turn<Kind extends string = never>(what: string, faults?: readonly Kind[]): Promise<Kind | undefined>;
  /** Hangs for longer than it may take, and then goes on although nobody waits any more. */
  hang(): Promise<void>;
  /** Lets others come first, now and then. Says whether its process still lives. */
  giveWay(what: string): Promise<boolean>;
}

/** Runs an activity by its name. */
export type Activities = (name: string, args: readonly unknown[], execution: Execution) => Promise<unknown>;

/** What simulated workers share. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly faults: FaultSource;
  /** Told what happens, in plain words. */
  readonly tell: (what: string) => void;
  /** How a trace tells of the business's own faults. */
  readonly words: Readonly<Record<string, string>>;
  /** How a trace tells the sagas of a world apart; nothing where there is one. */
  readonly prefix?: string;
}

/** The worker process of one service: it takes turns, dies, is away, and comes back. */
export class SimulatedWorker {
  readonly service: string;
  /** How a trace calls it. */
  readonly name: string;
  readonly #scheduler: Scheduler;
  readonly #faults: FaultSource;
  readonly #tell: (what: string) => void;
  readonly #words: Readonly<Record<string, string>>;
  #activities: Activities = () => Promise.reject(new Error('no activities'));
  #onCrash = () => undefined as void;
  #awayUntil = 0;
  #generation = 0;

  constructor(service: string, { scheduler, faults, tell, words, prefix = '' }: Surroundings) {
    this.service = service;
    this.name = `${prefix}${service}`;
    this.#words = words;
    this.#scheduler = scheduler;
    this.#faults = faults;
    this.#tell = tell;
  }

  /** What it runs, and who forgets when it dies. */
  runs(activities: Activities, onCrash: () => void): void {
    this.#activities = activities;
    this.#onCrash = onCrash;
  }

  /** Its turn, once there is a living worker. */
  async turn(what: string): Promise<void> {
    const away = this.#awayUntil - this.#scheduler.now;
    if (away > 0) await this.#scheduler.sleep(away);
    await this.#scheduler.turn(what);
    if (this.#awayUntil > this.#scheduler.now) return this.turn(what);
  }

  /** Work that it does by itself, beside what it is asked for; nobody does it again when the process dies. */
  async alone<T>(what: string, work: (execution: Execution) => Promise<T>): Promise<T> {
    await this.turn(what);
    return work(this.#execution(1));
  }

  /** Resolves with the end of the execution, or when it has taken too long; never where nobody is left to tell. */
  execute({ name, args, tries }: Call, attempt: number): Promise<Ended> {
    return new Promise((resolve) => {
      const cancel = this.#scheduler.in(tries.timeout, () => {
        this.#tell(`${this.name}: ${name} has taken too long and is given up`);
        resolve({ ok: false });
      });
      this.#activities(name, args, this.#execution(attempt)).then(
        (value) => {
          cancel();
          resolve({ ok: true, value });
        },
        (error: unknown) => {
          cancel();
          this.#tell(
            `${this.name}: ${name} fails: ${error instanceof Error ? error.message : String(error)}`,
          );
          resolve({ ok: false });
        },
      );
    });
  }

  /** Whether Temporal finds by now that a run has a long history. */
  isHistoryLong(): boolean {
    const isLong = this.#faults.longHistory();
    if (isLong) this.#tell(`  ${this.name} has a long history by now`);
    return isLong;
  }

  #execution(attempt: number): Execution {
    const generation = this.#generation;
    let livesOn = false;
    const isDead = () => generation !== this.#generation && !livesOn;
    return {
      attempt,
      turn: async <Kind extends string>(what: string, own: readonly Kind[] = []) => {
        await this.#scheduler.turn(`${this.name} ${what}`);
        if (isDead()) return never();
        const fault = this.#faults.draw<Kind | WorkerFault>(`${this.name} ${what}`, [
          ...own,
          ...workerFaults,
        ]);
        if (fault !== undefined) this.#tell(`  but ${faultWords[fault] ?? this.#words[fault] ?? fault}`);
        if (!isWorkerFault(fault)) return fault;
        livesOn = fault === 'TAKEN_FOR_DEAD';
        if (fault === 'OUTAGE') this.isAwayFor(this.#faults.duration());
        else this.#crash();
        if (!livesOn) return never();
        await this.#scheduler.sleep(this.#faults.duration());
        return undefined;
      },
      hang: async () => {
        await this.#scheduler.sleep(HANG);
        if (isDead()) await never();
      },
      giveWay: async (what) => {
        if (isDead()) return false;
        if (!this.#scheduler.isInterleaved()) return true;
        await this.#scheduler.turn(`${this.name} ${what}`);
        if (isDead()) return false;
        const fault = this.#faults.draw(`${this.name} ${what}`, dyingFaults);
        if (fault === undefined) return true;
        this.#tell(`  but ${faultWords[fault] ?? fault}`);
        livesOn = fault === 'TAKEN_FOR_DEAD';
        this.#crash();
        return livesOn;
      },
    };
  }

  /** It dies, and only after so many ms there is another one. */
  isAwayFor(ms: number): void {
    this.#awayUntil = this.#scheduler.now + ms;
    this.#crash();
  }

  #crash(): void {
    this.#generation++;
    this.#onCrash();
  }
}

const dyingFaults = ['CRASH', 'TAKEN_FOR_DEAD'] as const;

const isWorkerFault = (fault: string | undefined): fault is WorkerFault =>
  workerFaults.some((name) => name === fault);

/** One for each caller: what waits for a promise lives as long as it does, and with it a whole world. */
const never = (): Promise<never> => new Promise<never>(() => undefined);

/** Longer than any activity may take. */
const HANG = 31_000;
