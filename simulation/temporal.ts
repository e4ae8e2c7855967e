import type { SagaEvent } from '../schemas/event.js';
import { services, type Service } from '../schemas/services.js';
import type { FaultSource } from './faults.js';
import type { Job } from './instance.js';
import { SimulatedRun } from './run.js';
import type { Scheduler } from './scheduler.js';
import { SimulatedWorker, type Activities } from './worker.js';

/** Temporal with its four workers, for the one order of a world. */
export class SimulatedTemporal {
  readonly runs: SimulatedRun[] = [];
  readonly #scheduler: Scheduler;
  readonly #workers: Readonly<Record<Service, SimulatedWorker>>;

  constructor(scheduler: Scheduler, faults: FaultSource, tell: (what: string) => void) {
    this.#scheduler = scheduler;
    const worker = (service: Service) => new SimulatedWorker(service, scheduler, faults, tell);
    this.#workers = {
      order: worker('order'),
      payment: worker('payment'),
      inventory: worker('inventory'),
      notification: worker('notification'),
    };
  }

  work(activities: Readonly<Record<Service, Activities>>): void {
    for (const service of services)
      this.#workers[service].runs(activities[service], () => {
        for (const run of this.runs) if (run.service === service && !run.isClosed) run.crash();
      });
  }

  /** What the API does: a run that is open is used, a closed one is followed by another. */
  start(): void {
    if (!this.#open('order')) this.#begin('order', true).hear();
  }

  signalWithStart(service: Service, { type, payload }: SagaEvent): void {
    this.hear(service, { kind: 'signal', name: type, payload });
  }

  hear(service: Service, job: Job): void {
    (this.#open(service) ?? this.#begin(service, false)).hear(job);
  }

  /** The worker of a service dies, and for so many ms there is no other. */
  isWithout(service: Service, ms: number): void {
    this.#workers[service].isAwayFor(ms);
  }

  /** An Update reaches an open run only. */
  askForRetry(key: string, operator: string): void {
    this.#open('notification')?.hear({ kind: 'retry', key, operator });
  }

  #open(service: Service): SimulatedRun | undefined {
    return this.runs.find((run) => run.service === service && !run.isClosed);
  }

  #begin(service: Service, isPlaced: boolean): SimulatedRun {
    const number = this.runs.length + 1;
    const startAnew = () => this.#begin(service, false).hear();
    const run = new SimulatedRun(
      service,
      number,
      isPlaced,
      this.#scheduler,
      this.#workers[service],
      startAnew,
    );
    this.runs.push(run);
    return run;
  }
}
