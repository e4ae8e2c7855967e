import { LOOK } from '../choreography.js';
import type { AnyEvent } from '../event.js';
import type { Job, Script } from './instance.js';
import { SimulatedRun } from './run.js';
import type { Scheduler } from './scheduler.js';
import { SimulatedWorker, type Activities, type Execution, type Surroundings } from './worker.js';

/** Temporal with one worker for each service, for the one saga of a world. */
export class SimulatedTemporal {
  readonly runs: SimulatedRun[] = [];
  readonly #scheduler: Scheduler;
  readonly #workers: ReadonlyMap<string, SimulatedWorker>;
  readonly #scriptOf: (service: string) => Script;

  constructor(
    services: readonly string[],
    scriptOf: (service: string) => Script,
    surroundings: Surroundings,
  ) {
    this.#scheduler = surroundings.scheduler;
    this.#scriptOf = scriptOf;
    this.#workers = new Map(services.map((service) => [service, new SimulatedWorker(service, surroundings)]));
  }

  work(activities: Readonly<Record<string, Activities>>): void {
    for (const [service, run] of Object.entries(activities))
      this.#worker(service).runs(run, () => {
        for (const other of this.runs) if (other.service === service && !other.isClosed) other.crash();
      });
  }

  /** What a client does: a run that is open is used, a closed one is followed by another. */
  start(service: string): void {
    if (!this.#open(service)) this.#begin(service).hear();
  }

  signalWithStart(service: string, { type, payload }: AnyEvent): void {
    this.hear(service, { kind: 'signal', name: type, args: [payload] });
  }

  hear(service: string, job: Job): void {
    (this.#open(service) ?? this.#begin(service)).hear(job);
  }

  /** Makes a participant look at its row. */
  wake(service: string): void {
    this.hear(service, { kind: 'signal', name: LOOK, args: [] });
  }

  isRunning(service: string): boolean {
    return this.#open(service) !== undefined;
  }

  terminate(service: string): void {
    this.#open(service)?.terminate();
  }

  /** Its database is lost. */
  forget(): void {
    for (const run of this.runs) if (!run.isClosed) run.terminate();
  }

  /** The worker of a service does this by itself, unless it dies on the way. */
  alone<T>(service: string, what: string, work: (execution: Execution) => Promise<T>): Promise<T> {
    return this.#worker(service).alone(what, work);
  }

  /** The worker of a service dies, and there is no other for this long. */
  isWithout(service: string, ms: number): void {
    this.#worker(service).isAwayFor(ms);
  }

  /** An Update reaches an open run only. */
  askForRetry(service: string, key: string, operator: string): void {
    this.#open(service)?.hear({ kind: 'retry', key, operator });
  }

  #worker(service: string): SimulatedWorker {
    const worker = this.#workers.get(service);
    if (!worker) throw new Error(`there is no service ${service}`);
    return worker;
  }

  #open(service: string): SimulatedRun | undefined {
    return this.runs.find((run) => run.service === service && !run.isClosed);
  }

  #begin(service: string): SimulatedRun {
    const run = new SimulatedRun(
      this.runs.length + 1,
      this.#scriptOf(service),
      this.#scheduler,
      this.#worker(service),
      () => this.#begin(service).hear(),
    );
    this.runs.push(run);
    return run;
  }
}
