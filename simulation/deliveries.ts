import type { QuarantineReason } from '../core/activity/inspection.js';
import type { Deliver } from '../core/activity/outbox.js';
import type { AnyEvent } from '../core/event.js';
import {
  deliveryFaults,
  losses,
  type DeliveryFault,
  type FaultSource,
  type Loss,
} from '../core/simulation/faults.js';
import { altered, unaddressedBy } from '../core/simulation/made-up.js';
import type { Scheduler } from '../core/simulation/scheduler.js';
import type { SimulatedTemporal } from '../core/simulation/temporal.js';
import type { Execution } from '../core/simulation/worker.js';
import { choreography } from '../schemas/catalogue.js';
import { AN_HOUR, type Setting } from './setting.js';

/** How events reach participants in a world, and what of it the rules have to know. */
export class Deliveries {
  /** Signals that landed, by service and event id, without those that were made up. */
  readonly landed = new Map<string, number>();
  /** Signals that no service may act on, by service, why it goes to quarantine, and the signal's name. */
  readonly madeUp = new Map<string, number>();
  readonly #temporal: SimulatedTemporal;
  readonly #scheduler: Scheduler;
  readonly #faults: FaultSource;
  readonly #possible: readonly (DeliveryFault | Loss)[];

  constructor(
    temporal: SimulatedTemporal,
    scheduler: Scheduler,
    faults: FaultSource,
    { isLossy }: Pick<Setting, 'isLossy'>,
  ) {
    this.#temporal = temporal;
    this.#scheduler = scheduler;
    this.#faults = faults;
    this.#possible = isLossy ? [...deliveryFaults, ...losses] : deliveryFaults;
  }

  by(execution: Execution): Deliver {
    return async (subscriber, event) => {
      const what = `delivers ${event.type} to ${subscriber}`;
      const fault = await execution.turn<DeliveryFault | Loss | 'SWALLOWED'>(what, this.#possible);
      const land = () => this.land(subscriber, event);
      switch (fault) {
        case undefined:
          return land();
        case 'FAILS':
          throw new Error('unavailable');
        case 'ANSWER_LOST':
          land();
          throw new Error('delivered, but the answer was lost');
        case 'TWICE':
          land();
          return land();
        case 'LATER':
          this.#scheduler.in(this.#faults.duration(), land);
          throw new Error('delivered later, but the answer was lost');
        case 'HANGS':
          await execution.hang();
          return land();
        case 'SWALLOWED':
          this.#scheduler.in(AN_HOUR, land);
          return;
        case 'LOST':
          return;
        case 'ALTERED':
          this.#makeUp(subscriber, altered(event), 'OTHER_CONTENT');
          return land();
        case 'ASTRAY':
          this.#makeUp(unaddressedBy(choreography, event.type), event, 'NOT_ADDRESSED');
          return land();
      }
    };
  }

  /** It reaches the participant, and starts it where it does not run. */
  land(subscriber: string, event: AnyEvent): void {
    const key = `${subscriber} ${event.payload.eventId}`;
    this.landed.set(key, (this.landed.get(key) ?? 0) + 1);
    this.#temporal.signalWithStart(subscriber, event);
  }

  /** Somebody makes a signal up, which goes to quarantine for this reason. */
  count(service: string, reason: QuarantineReason, name: string): void {
    const kind = `${service} ${reason} ${name}`;
    this.madeUp.set(kind, (this.madeUp.get(kind) ?? 0) + 1);
  }

  #makeUp(service: string, event: AnyEvent, reason: QuarantineReason): void {
    this.count(service, reason, event.type);
    this.#temporal.signalWithStart(service, event);
  }
}
