import { deliveryOf } from '../activity/delivery.js';
import { LOOK, taskQueueOf, workflowIdOf } from '../choreography.js';
import type { AnyEvent } from '../event.js';
import { isRetryRequest } from '../workflow/retry-gate.js';
import { acceptableName, originalName } from '../workflow/signal-names.js';
import { flawOfStart, type StartedAt } from '../workflow/wrong-start.js';
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
  readonly #prefix: string;

  constructor(
    services: readonly string[],
    scriptOf: (service: string) => Script,
    surroundings: Surroundings,
  ) {
    this.#scheduler = surroundings.scheduler;
    this.#scriptOf = scriptOf;
    this.#prefix = surroundings.prefix ?? '';
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

  /** What `deliverBySignal` asks of the server. */
  signalWithStart(service: string, event: AnyEvent): void {
    const { choreography } = this.#scriptOf(service);
    const { args, signal, signalArgs, ...where } = deliveryOf(choreography, service, event);
    this.#startedWith(service, args, where)?.hear({ kind: 'signal', name: signal, args: signalArgs });
  }

  hear(service: string, job: Job): void {
    (this.#open(service) ?? this.#begin(service)).hear(job);
  }

  /** A run that is open, or a new one; undefined where that fails at once, and the signal with it. */
  #startedWith(service: string, args: readonly unknown[], where: StartedAt): SimulatedRun | undefined {
    const { sagaId } = this.#scriptOf(service);
    if (where.workflowId !== workflowIdOf(service, sagaId)) return undefined;
    const open = this.#open(service);
    if (open) return open;
    if (flawOfStart(service, args[0], where) !== undefined) return undefined;
    if (args[0] !== sagaId) throw new Error(`${service} works on ${String(args[0])}`);
    return this.#begin(service);
  }

  /** Somebody starts it with this argument: where it does not run, a wrong one fails at once. */
  startWith(service: string, argument: unknown): void {
    const { sagaId } = this.#scriptOf(service);
    const where = { workflowId: workflowIdOf(service, sagaId), taskQueue: taskQueueOf(service) };
    this.#startedWith(service, [argument], where)?.hear();
  }

  /** Makes a participant look at its row. */
  wake(service: string): void {
    this.hear(service, { kind: 'signal', name: LOOK, args: [] });
  }

  /** What anybody can send: the name as the server hands it on, and arguments as the converter reads them. */
  signalByStranger(service: string, name: string, args: readonly unknown[]): void {
    const handedOn = acceptableName(name);
    if (isRefusedBySdk(handedOn))
      throw new Error(`the SDK fails every workflow task over a signal named ${JSON.stringify(handedOn)}`);
    this.hear(service, { kind: 'signal', name: originalName(handedOn), args });
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

  /** An Update reaches an open run only, and only one that is a request. */
  askForRetry(service: string, key: string, operator: string): void {
    if (!isRetryRequest(key, [{ operator }])) return;
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
      this.#prefix,
      this.#scriptOf(service),
      this.#scheduler,
      this.#worker(service),
      () => this.#begin(service).hear(),
    );
    this.runs.push(run);
    return run;
  }
}

/** No handler ever sees these: the SDK keeps them for itself. */
const isRefusedBySdk = (name: string): boolean => name === '' || name.startsWith('__temporal_');
